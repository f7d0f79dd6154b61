package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PickRateTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final PickRate rate = new PickRate();

  private void everyMilli(long from, int picks) {
    for (int i = 0; i < picks; i++) {
      rate.count(from + i * MILLI);
    }
  }

  @Test
  void nothingIsCountedBeforeTheFirstPick() {
    assertThat(rate.perSecond(0)).isZero();
    assertThat(rate.total()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE / 2, Long.MAX_VALUE / 2, -999_999_999})
  void anEvenRateIsTheSameAtAnyMoment(long origin) {
    everyMilli(origin, 5_000);
    long end = origin + 5 * SECOND;
    for (int i = 0; i < 1_000; i += 50) {
      everyMilli(end + i * MILLI, 50);
      assertThat(rate.perSecond(end + (i + 50) * MILLI)).isCloseTo(1_000, within(10.0));
    }
    assertThat(rate.total()).isEqualTo(6_000);
  }

  @Test
  void picksAreForgottenAfterTwoSecondsAndCountedForEver() {
    everyMilli(0, 1_000);
    assertThat(rate.perSecond(3 * SECOND)).isZero();
    rate.count(2 * SECOND);
    assertThat(rate.perSecond(2 * SECOND + MILLI)).isCloseTo(1, within(0.01));
    assertThat(rate.total()).isEqualTo(1_001);
  }

  @Test
  void aPickThatIsCountedLateIsNotLost() {
    rate.count(2 * SECOND);
    rate.count(0); // its thread was held up
    assertThat(rate.total()).isEqualTo(2);
  }

  @Test
  void manyThreadsLoseNoPick() {
    IntStream.range(0, 8).parallel().forEach(thread -> everyMilli(thread * MILLI, 20_000));
    assertThat(rate.total()).isEqualTo(160_000);
  }
}
