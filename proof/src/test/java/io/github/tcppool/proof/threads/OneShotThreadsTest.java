package io.github.tcppool.proof.threads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Threads that use the pool once and end, as an application with a virtual thread per task has
 * them. A pool that kept anything per thread would grow with each.
 */
class OneShotThreadsTest {

  private static final byte[] LINE = "a line of thirty-two bytes here\n".getBytes(UTF_8);
  private static final int CONNECTIONS = 2;

  /** How many live at a time, so that what grows is what the pool keeps and not what waits. */
  private static final int AT_A_TIME = 200;

  /**
   * What a heap after collections differs by from one time to the next, whatever happened: some
   * collectors count the whole piece that the thread which asks has taken for itself, 256 KiB.
   */
  private static final long NOISE_BYTES = 512 << 10;

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  @Tag("slow")
  @Test
  void theHeapIsAsItWasAfterAMillionVirtualThreads() throws Exception {
    assertHeapStays(ThreadKind.VIRTUAL.orAbort(), 10_000, 1_000_000);
  }

  @Test
  void theHeapIsAsItWasAfterFiftyThousandVirtualThreads() throws Exception {
    assertHeapStays(ThreadKind.VIRTUAL.orAbort(), 10_000, 50_000);
  }

  /** The same promise, for threads that are dearer. */
  @Test
  void theHeapIsAsItWasAfterSixThousandPlatformThreads() throws Exception {
    assertHeapStays(ThreadKind.PLATFORM, 2_000, 6_000);
  }

  /**
   * Looks at the heap after some threads and after more.
   *
   * @param first what loads classes, and fills what is kept by design
   */
  private void assertHeapStays(ThreadKind kind, int first, int threads) throws Exception {
    try (TcpPeer peer = TcpPeer.builder().behaviour(Behaviour.sink()).keepFrames(0).start();
        TcpPool pool =
            TcpPool.builder(peer.hostPort())
                .connections(CONNECTIONS)
                .framing(Framing.lines())
                .build()) {
      run(pool, kind, first);
      long before = heapBytes();
      run(pool, kind, threads);
      long grown = heapBytes() - before;
      Figures.report(String.format("heap after %,d %s threads: %+,d bytes", threads, kind, grown));
      assertThat(failures).isEmpty();
      assertThat(grown).as("bytes grown").isLessThan(NOISE_BYTES);
      assertThat(pool.snapshot().total()).isEqualTo(CONNECTIONS);
    }
  }

  private void run(TcpPool pool, ThreadKind kind, int threads) throws InterruptedException {
    ThreadFactory factory = kind.factory();
    Semaphore places = new Semaphore(AT_A_TIME);
    for (int i = 0; i < threads; i++) {
      places.acquire();
      boolean sends = i % 2 == 0;
      factory
          .newThread(
              () -> {
                try {
                  use(pool, sends);
                } catch (Throwable t) { // it fails the test, in the test's own thread
                  failures.add(t);
                } finally {
                  places.release();
                }
              })
          .start();
    }
    assertThat(places.tryAcquire(AT_A_TIME, 60, TimeUnit.SECONDS)).as("all have ended").isTrue();
  }

  private static void use(TcpPool pool, boolean sends) throws Exception {
    if (sends) {
      pool.send(LINE);
      return;
    }
    try (PooledSocket lease = pool.lease()) {
      lease.getOutputStream().write(LINE);
      LockSupport.parkNanos(20_000); // the use, so that others have to wait in line
    }
  }

  /** What is alive: collects until two measurements agree. */
  private static long heapBytes() {
    long[] last = {Long.MAX_VALUE};
    Awaitility.await("a heap that comes to rest")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              System.gc();
              long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
              boolean rests = Math.abs(now - last[0]) < NOISE_BYTES / 8;
              last[0] = now;
              return rests;
            });
    return last[0];
  }
}
