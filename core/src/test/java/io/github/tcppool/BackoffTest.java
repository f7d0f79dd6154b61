package io.github.tcppool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private final Backoff backoff =
      Backoff.exponential(Duration.ofMillis(10), Duration.ofMillis(250));

  @Test
  void theWaitDoublesUpToTheCap() {
    assertThat(IntStream.rangeClosed(1, 7).mapToLong(backoff::ceilingNanos))
        .containsExactly(
            10_000_000L,
            20_000_000L,
            40_000_000L,
            80_000_000L,
            160_000_000L,
            250_000_000L,
            250_000_000L);
  }

  @Test
  void anyNumberOfFailuresIsWithinTheCap() {
    assertThat(backoff.ceilingNanos(Integer.MAX_VALUE)).isEqualTo(250_000_000L);
    Backoff widest = Backoff.exponential(Duration.ofMillis(1), Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(widest.ceilingNanos(Integer.MAX_VALUE)).isPositive();
  }

  @Test
  void jitterTakesAwayUpToAFifthEvenAtTheCap() {
    Random random = new Random(7);
    for (int failures : new int[] {1, 2, 5, 6, 1_000_000}) {
      long ceiling = backoff.ceilingNanos(failures);
      LongStream delays = random.longs(2000).map(unused -> backoff.delayNanos(failures, random));
      var figures = delays.summaryStatistics();
      assertThat(figures.getMax()).isBetween(ceiling * 99 / 100, ceiling);
      assertThat(figures.getMin()).isBetween(ceiling * 80 / 100, ceiling * 81 / 100);
      assertThat(figures.getAverage()).isBetween(ceiling * 0.89, ceiling * 0.91);
    }
  }

  @Test
  void theDefaultDialsFiveTimesASecondAtMostAndNoneIsMoreThan250MillisecondsAfterTheLast() {
    Random random = new Random(8);
    for (int failures = 6; failures < 2_000; failures++) {
      assertThat(Backoff.DEFAULT.delayNanos(failures, random))
          .isBetween(200_000_000L, 250_000_000L);
    }
  }

  @Test
  void fewerThanOneFailureIsRefused() {
    assertThatThrownBy(() -> backoff.delayNanos(0, new Random()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("failures must be at least 1, but was 0");
  }
}
