package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.proof.checks.Census;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How this process stands.
 *
 * @param heapBytes in use after a collection
 * @param sockets descriptors that are sockets
 * @param descriptors all of them
 * @param threads platform threads
 */
record Vitals(long heapBytes, int sockets, long descriptors, int threads) {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final long HEAP_SLACK_BYTES = 2 << 20;

  static Vitals now() throws IOException {
    System.gc();
    System.gc(); // what the first one has only made unreachable
    try (Stream<Path> listed = Files.list(DESCRIPTORS)) {
      return new Vitals(
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
          Census.now().sockets(),
          listed.count(),
          ManagementFactory.getThreadMXBean().getThreadCount());
    }
  }

  /**
   * At most a twentieth and some buffers more of heap, four more threads, as the JVM starts some of
   * its own, and no more sockets and descriptors.
   */
  void assertNoMoreThan(Vitals earlier) {
    assertThat(heapBytes)
        .as("heap after %s", earlier)
        .isLessThan(earlier.heapBytes * 21 / 20 + HEAP_SLACK_BYTES);
    assertThat(sockets).as("sockets after %s", earlier).isLessThanOrEqualTo(earlier.sockets);
    assertThat(descriptors)
        .as("descriptors after %s", earlier)
        .isLessThanOrEqualTo(earlier.descriptors);
    assertThat(threads).as("threads after %s", earlier).isLessThanOrEqualTo(earlier.threads + 4);
  }

  @Override
  public String toString() {
    return String.format(
        "heap %.1f MB, %d sockets, %d descriptors, %d threads",
        heapBytes / 1e6, sockets, descriptors, threads);
  }
}
