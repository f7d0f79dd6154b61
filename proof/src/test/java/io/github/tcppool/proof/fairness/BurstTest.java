package io.github.tcppool.proof.fairness;

import static io.github.tcppool.proof.fairness.Scene.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.ConnectHook;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.proof.threads.Callers;
import io.github.tcppool.proof.threads.Figures;
import io.github.tcppool.proof.threads.ThreadKind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many callers at once, and connections that take long to make. */
@Tag("alone") // callers come at once, and are timed
class BurstTest {

  private final AtomicLong slowestNanos = new AtomicLong();

  /** A login that takes this long. Parked, not asleep: it is the work that is played. */
  private static ConnectHook login(AtomicLong nanos) {
    return (socket, endpoint) -> {
      long until = System.nanoTime() + nanos.get();
      for (long left = nanos.get(); left > 0; left = until - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    };
  }

  /**
   * Ten dials at once, so two rounds of a second, which begin a moment before the last caller does;
   * what is above is for a busy machine.
   */
  @Test
  void twentyWaitersAreServedByTwoRoundsOfTenDials() throws Exception {
    assertThat(twentyWaiters()).isBetween(Duration.ofMillis(1_900), Duration.ofMillis(3_500));
  }

  @Tag("slow")
  @Test
  void twentyWaitersAreServedInLittleMoreThanTwoSeconds() throws Exception {
    assertThat(twentyWaiters()).isBetween(Duration.ofMillis(1_900), Duration.ofMillis(2_100));
  }

  /** Each keeps its connection, so that only dials can serve the others. */
  private Duration twentyWaiters() throws Exception {
    AtomicLong connectNanos = new AtomicLong(Duration.ofSeconds(1).toNanos());
    try (Scene scene =
        Scene.of(o -> o.connections(0, 20).maxDials(10).onConnect(login(connectNanos)))) {
      CountDownLatch allServed = new CountDownLatch(20);
      burst(
          scene,
          20,
          lease -> {
            allServed.countDown();
            Scene.await(allServed);
          });
      assertThat(scene.pool.snapshot().opened()).isEqualTo(20);
    }
    Figures.report(
        String.format("20 waiters, connects of 1 s, ten at once: all served in %s", slowest()));
    return slowest();
  }

  /** The spike: five connections are there, fifty callers come, each uses one for 2 ms. */
  @Tag("slow")
  @Test
  void aSpikeIsServedByWhatIsThereAndAFewMore() throws Exception {
    Spike spike = spike(Duration.ofMillis(150), 4, 5);
    assertThat(spike.slowest).isLessThanOrEqualTo(Duration.ofMillis(300));
    assertThat(spike.connections).isLessThanOrEqualTo(10);
  }

  /** The same with connects ten times as long, so that a busy machine need not hurry. */
  @Test
  void aSpikeIsServedByWhatIsThereAndAFewMoreWhereConnectingTakesLong() throws Exception {
    Spike spike = spike(Duration.ofMillis(1_500), 4, 5);
    assertThat(spike.slowest).isLessThanOrEqualTo(Duration.ofSeconds(3));
    assertThat(spike.connections).isLessThanOrEqualTo(10);
  }

  @Tag("slow")
  @Test
  void aSpikeAtAPoolWithoutAConnectionIsServedByTheFirstDials() throws Exception {
    Spike spike = spike(Duration.ofMillis(150), 4, 0);
    assertThat(spike.slowest).isLessThanOrEqualTo(Duration.ofMillis(300));
    assertThat(spike.connections).isLessThanOrEqualTo(10);
  }

  private record Spike(Duration slowest, long connections) {}

  private Spike spike(Duration connect, int maxDials, int min) throws Exception {
    AtomicLong connectNanos = new AtomicLong();
    try (Scene scene =
        Scene.of(o -> o.connections(min, 50).maxDials(maxDials).onConnect(login(connectNanos)))) {
      Scene.await("the minimum is there", () -> scene.pool.snapshot().idle() == min);
      connectNanos.set(connect.toNanos());
      burst(scene, 50, lease -> LockSupport.parkNanos(Duration.ofMillis(2).toNanos()));
      Scene.await("no dial is under way", () -> scene.pool.snapshot().dialing() == 0);
      Spike spike = new Spike(slowest(), scene.pool.snapshot().opened());
      Figures.report(
          String.format(
              "spike, connects of %s, %d there, %d dials at once: %s",
              connect, min, maxDials, spike));
      return spike;
    }
  }

  private interface Use {
    void use(PooledSocket lease) throws Exception;
  }

  private void burst(Scene scene, int callers, Use use) throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch ready = new CountDownLatch(callers);
    Callers crew =
        Callers.start(
            ThreadKind.PLATFORM,
            callers,
            number -> {
              ready.countDown();
              Scene.await(gate);
              long asked = System.nanoTime();
              try (PooledSocket lease = scene.pool.lease()) {
                slowestNanos.accumulateAndGet(System.nanoTime() - asked, Math::max);
                use.use(lease);
              }
            });
    Scene.await(ready);
    gate.countDown();
    crew.join(PATIENCE);
  }

  private Duration slowest() {
    return Duration.ofNanos(slowestNanos.get());
  }
}
