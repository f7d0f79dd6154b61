package io.github.tcppool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.testkit.Blackhole;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A name with several addresses, of which the first never answers. */
class ManyAddressesTest {

  /** On a machine that builds other things beside, so with room for the machine. */
  @Test
  void anAddressThatNeverAnswersCostsAQuarterOfASecond(@TempDir Path temp) throws Exception {
    assertThat(medianMillis(temp, 3)).as("ms; 250 is the step").isBetween(250L, 1_500L);
  }

  /**
   * As promised, on a machine that does nothing else; one pool of fifteen may meet a pause of it.
   */
  @Test
  @Tag("slow")
  void inTheMedianItCostsNoMoreThan300Milliseconds(@TempDir Path temp) throws Exception {
    assertThat(medianMillis(temp, 15)).isBetween(250L, 300L);
  }

  private static long medianMillis(Path temp, int pools) throws Exception {
    List<String> took =
        HostsJvm.run(Dialer.class, temp, Integer.toString(pools))
            .lines()
            .filter(line -> line.startsWith("127.0.0.2 "))
            .toList();
    assertThat(took).hasSize(pools);
    System.out.println("first address does not answer: " + took);
    long[] millis = took.stream().mapToLong(line -> Long.parseLong(line.substring(10))).toArray();
    Arrays.sort(millis);
    return millis[pools / 2];
  }

  /** In a JVM of its own, whose names come from a file. */
  static final class Dialer {
    private Dialer() {}

    public static void main(String[] args) throws Exception {
      Files.writeString(Path.of(args[0]), "127.0.0.1 many.test\n127.0.0.2 many.test\n");
      try (Blackhole hole = Blackhole.open();
          ServerSocket server =
              new ServerSocket(hole.port(), 50, InetAddress.getByName("127.0.0.2"));
          TcpPool warm = open("127.0.0.2:" + server.getLocalPort())) {
        warm.lease().close(); // classes are loaded now
        for (int i = Integer.parseInt(args[1]); i > 0; i--) {
          dial("many.test:" + hole.port());
        }
      }
    }

    /** Nobody accepts there, so nobody would close the other side. */
    private static TcpPool open(String name) {
      return TcpPool.builder(name).drainTimeout(Duration.ZERO).build();
    }

    private static void dial(String name) throws Exception {
      try (TcpPool pool = open(name)) {
        long start = System.nanoTime();
        try (PooledSocket lease = pool.lease()) {
          long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
          System.out.println(lease.getInetAddress().getHostAddress() + " " + took);
        }
      }
    }
  }
}
