package io.github.tcppool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.testkit.Blackhole;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A name with several addresses, of which the first never answers. */
class ManyAddressesTest {

  @Test
  void anAddressThatNeverAnswersCostsAQuarterOfASecond(@TempDir Path temp) throws Exception {
    Path hosts = temp.resolve("hosts");
    Path log = temp.resolve("log");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.net.hosts.file=" + hosts,
                "-cp",
                System.getProperty("java.class.path"),
                Dialer.class.getName(),
                hosts.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = child.waitFor(60, TimeUnit.SECONDS);
    child.destroyForcibly();
    assertThat(ended).isTrue();
    String[] words = Files.readString(log).strip().split(" ", -1);
    assertThat(words[words.length - 2]).isEqualTo("127.0.0.2");
    assertThat(Long.parseLong(words[words.length - 1]))
        .as("ms; 250 is the step, the rest is the machine's")
        .isBetween(250L, 1_500L);
  }

  /** In a JVM of its own, whose names come from a file. */
  static final class Dialer {
    private Dialer() {}

    public static void main(String[] args) throws Exception {
      Files.writeString(Path.of(args[0]), "127.0.0.1 many.test\n127.0.0.2 many.test\n");
      try (Blackhole hole = Blackhole.open();
          ServerSocket server =
              new ServerSocket(hole.port(), 50, InetAddress.getByName("127.0.0.2"));
          TcpPool warm = TcpPool.open("127.0.0.2:" + server.getLocalPort());
          TcpPool pool = TcpPool.open("many.test:" + hole.port())) {
        warm.lease().close(); // classes are loaded now
        long start = System.nanoTime();
        try (PooledSocket lease = pool.lease()) {
          long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
          System.out.println(lease.getInetAddress().getHostAddress() + " " + took);
        }
      }
    }
  }
}
