package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeakEwmaTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final PeakEwma figure = new PeakEwma();

  private long millis(long now) {
    return Math.round(figure.nanos(now) / (double) MILLI);
  }

  @Test
  void nothingIsKnownBeforeTheFirstSample() {
    assertThat(figure.nanos(SECOND)).isZero();
    assertThat(figure.lastNanos()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE / 2, Long.MAX_VALUE / 2})
  void aSlowAnswerIsBelievedAtOnceAndAQuickOneAfterSomeSeconds(long origin) {
    figure.observe(10 * MILLI, origin);
    figure.observe(100 * MILLI, origin);
    assertThat(millis(origin)).isEqualTo(100);

    long now = origin;
    while (now - origin < 10 * SECOND) {
      now += 5 * MILLI;
      figure.observe(10 * MILLI, now);
    }
    assertThat((double) figure.nanos(now) / MILLI).isCloseTo(10 + 90 / Math.E, within(1.0));
  }

  @Test
  void ofManySamplesWithinAMillisecondOnlyThoseThatRaiseItCount() {
    figure.observe(10 * MILLI, 0);
    figure.observe(MILLI, 1_000);
    assertThat(millis(1_000)).isEqualTo(10);
    figure.observe(11 * MILLI, 2_000);
    assertThat(millis(2_000)).isEqualTo(11);
  }

  @Test
  void itSinksWhileNothingIsMeasuredAndIsForgottenInTheEnd() {
    figure.observe(100 * MILLI, 0);
    assertThat((double) figure.nanos(10 * SECOND) / MILLI).isCloseTo(100 / Math.E, within(0.5));
    assertThat(figure.nanos(39 * SECOND)).isPositive();
    assertThat(figure.nanos(41 * SECOND)).isZero();
    assertThat(figure.lastNanos()).isCloseTo(100 * MILLI, within(10_000L));
  }

  @Test
  void aCallWithoutAnAnswerNeverMakesAnEndpointLookFaster() {
    figure.observe(100 * MILLI, 0);
    figure.unanswered(MILLI, 5 * SECOND);
    assertThat(figure.lastNanos()).isCloseTo(100 * MILLI, within(10_000L));
    figure.unanswered(SECOND, 5 * SECOND);
    assertThat(millis(5 * SECOND)).isEqualTo(1_000);
  }

  @Test
  void aTimeBelowTheClocksResolutionIsStillASample() {
    figure.observe(0, 0);
    assertThat(figure.nanos(0)).isEqualTo(1);
  }
}
