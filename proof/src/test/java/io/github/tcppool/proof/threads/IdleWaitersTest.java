package io.github.tcppool.proof.threads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallOptions;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Ports;
import io.github.tcppool.testkit.TcpPeer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Waiting costs no processor. The processor time of all Java threads is counted, those that carry
 * virtual ones included; the compiler and the garbage collector are not among them.
 */
class IdleWaitersTest {

  private static final int WAITERS = 2_000;
  private static final Duration WATCHED = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @EnumSource(ThreadKind.class)
  void twoThousandWaitersOnAnExhaustedPoolUseLessThanTwoPercentOfACore(ThreadKind kind)
      throws Exception {
    kind.orAbort();
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo());
        TcpPool pool = TcpPool.builder(peer.hostPort()).connections(2).build();
        PooledSocket one = pool.lease();
        PooledSocket other = pool.lease()) {
      Callers waiters = startWaiters(pool, kind);
      double share = shareOfACore();
      Figures.report(
          String.format(
              "2,000 %s waiters on an exhausted pool: %.3f %% of a core", kind, 100 * share));
      assertThat(share).isLessThan(0.02);
      assertThat(pool.snapshot().waiting()).isEqualTo(WAITERS);
      assertThat(one.isClosed() || other.isClosed()).isFalse();
      end(waiters);
    }
  }

  /** Here there is something to do: a dial every fifth of a second, of which all are told. */
  @Tag("slow")
  @ParameterizedTest
  @EnumSource(ThreadKind.class)
  void twoThousandWaitersForADeadEndpointUseLessThanTwoPercentOfACore(ThreadKind kind)
      throws Exception {
    kind.orAbort();
    try (TcpPool pool = TcpPool.open("127.0.0.1:" + Ports.unused())) {
      Callers waiters = startWaiters(pool, kind);
      Awaitility.await("the longest backoff")
          .atMost(PATIENCE)
          .until(() -> pool.snapshot().endpoints().get(0).dialFailures() > 8);
      double share = shareOfACore();
      Figures.report(
          String.format(
              "2,000 %s waiters for a dead endpoint: %.3f %% of a core", kind, 100 * share));
      assertThat(share).isLessThan(0.02);
      end(waiters);
    }
  }

  private static Callers startWaiters(TcpPool pool, ThreadKind kind) {
    Callers waiters = Callers.start(kind, WAITERS, number -> waitUntilInterrupted(pool, number));
    Awaitility.await("all wait")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> pool.snapshot().waiting() == WAITERS);
    return waiters;
  }

  private static void waitUntilInterrupted(TcpPool pool, int number) throws Exception {
    CallOptions forLong = CallOptions.within(Duration.ofHours(1));
    try {
      if (number % 2 == 0) {
        pool.send("x\n".getBytes(UTF_8), forLong);
      } else {
        pool.lease(forLong).close();
      }
      throw new AssertionError("there was a connection");
    } catch (CallInterruptedException e) {
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }
  }

  private static void end(Callers waiters) throws InterruptedException {
    waiters.threads().forEach(Thread::interrupt);
    waiters.join(PATIENCE);
  }

  /** What all threads use while nothing happens for two seconds. */
  private static double shareOfACore() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    boolean unused = never.await(200, TimeUnit.MILLISECONDS); // the last ones lie down
    long begun = System.nanoTime();
    long before = usedNanos();
    unused = never.await(WATCHED.toNanos(), TimeUnit.NANOSECONDS);
    long used = usedNanos() - before;
    return (double) used / (System.nanoTime() - begun);
  }

  private static long usedNanos() {
    long used = 0;
    for (long id : THREADS.getAllThreadIds()) {
      used += Math.max(0, THREADS.getThreadCpuTime(id));
    }
    return used;
  }
}
