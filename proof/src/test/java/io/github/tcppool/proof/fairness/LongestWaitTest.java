package io.github.tcppool.proof.fairness;

import static io.github.tcppool.proof.fairness.Scene.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.PooledSocket;
import io.github.tcppool.proof.threads.Callers;
import io.github.tcppool.proof.threads.Figures;
import io.github.tcppool.proof.threads.ThreadKind;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Four threads share two connections, each holding one for a millisecond at a time. */
@Tag("alone") // waits are as long as the scheduler makes them
class LongestWaitTest {

  private static final int THREADS = 4;
  private static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final long[] longestNanos = new long[THREADS];
  private final long[] turns = new long[THREADS];

  @Tag("slow") // the figure is a matter of the scheduler too, so it wants a quiet machine
  @ParameterizedTest
  @EnumSource(ThreadKind.class)
  void nobodyWaitsLongerThanTwentyMillisecondsInTenSeconds(ThreadKind kind) throws Exception {
    share(kind.orAbort(), Duration.ofSeconds(10));
    report(kind);
    assertThat(longest()).as("longest wait").isLessThanOrEqualTo(Duration.ofMillis(20));
    assertTurnsAreEven();
  }

  /**
   * A wait in line is a millisecond. What is added on a busy machine is the scheduler's, and may be
   * any time; half of the round is for that. That the turns are even is the point.
   */
  @ParameterizedTest
  @EnumSource(ThreadKind.class)
  void nobodyIsLeftBehind(ThreadKind kind) throws Exception {
    share(kind.orAbort(), Duration.ofSeconds(1));
    assertTurnsAreEven();
    assertThat(longest()).as("longest wait").isLessThanOrEqualTo(Duration.ofMillis(500));
  }

  private void share(ThreadKind kind, Duration time) throws Exception {
    try (Scene scene = Scene.of(o -> o.connections(2).connectEagerly())) {
      long end = System.nanoTime() + time.toNanos();
      Callers callers =
          Callers.start(
              kind,
              THREADS,
              number -> {
                while (System.nanoTime() - end < 0) {
                  useOne(scene, number);
                }
              });
      callers.join(time.plus(PATIENCE));
    }
  }

  private void useOne(Scene scene, int number) throws Exception {
    long asked = System.nanoTime();
    try (PooledSocket lease = scene.pool.lease()) {
      longestNanos[number] = Math.max(longestNanos[number], System.nanoTime() - asked);
      turns[number]++;
      LockSupport.parkNanos(HOLD_NANOS); // this is the use
      assertThat(lease.isClosed()).isFalse();
    }
  }

  private Duration longest() {
    return Duration.ofNanos(LongStream.of(longestNanos).max().orElseThrow());
  }

  private void report(ThreadKind kind) {
    Figures.report(
        String.format("longest wait of four threads on two connections, %s: %s", kind, longest()));
  }

  private void assertTurnsAreEven() {
    long all = LongStream.of(turns).sum();
    for (long mine : turns) {
      assertThat(mine).as("turns of one of four").isBetween(all / 5, all / 3);
    }
  }
}
