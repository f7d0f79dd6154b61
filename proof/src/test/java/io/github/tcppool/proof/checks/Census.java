package io.github.tcppool.proof.checks;

import static org.awaitility.Awaitility.await;

import io.github.tcppool.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The sockets of this process, counted before a proof to be compared with after it (I6).
 *
 * @param sockets descriptors that are sockets; -1 where the system does not tell
 */
public record Census(int sockets) {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  static {
    useSocketsOnce();
  }

  /** Counts now. */
  public static Census now() {
    return new Census(countSockets());
  }

  /**
   * The JDK keeps a socket of its own from the first close on, and the test kit its unused ports
   * from the first one: nobody's leaks.
   */
  private static void useSocketsOnce() {
    try (SocketChannel first = SocketChannel.open()) {
      first.configureBlocking(false);
      int unused = Ports.unused();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until there are no more sockets than at this count, or fails. */
  public void awaitNoMore(Duration patience) {
    await("at most " + sockets + " sockets")
        .atMost(patience)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(Census::countSockets, now -> now <= sockets);
  }

  /** The live threads whose names begin so; those of a pool begin with its name. */
  public static List<String> threadsNamed(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(prefix))
        .sorted()
        .toList();
  }

  private static int countSockets() {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return -1;
    }
    int sockets = 0;
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path descriptor : descriptors) {
        sockets += isSocket(descriptor) ? 1 : 0;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sockets;
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed since it was listed
    }
  }
}
