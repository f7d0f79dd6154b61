package io.github.tcppool.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OutliersTest {

  private static final long MILLI = 1_000_000;

  private static double[] rates(int endpoints, double others, double worst) {
    double[] rates = new double[endpoints];
    Arrays.fill(rates, others);
    rates[endpoints / 2] = worst;
    return rates;
  }

  @Test
  void theOneThatSucceedsFarLessOftenStandsOut() {
    assertThat(Outliers.bySuccessRate(rates(10, 1, 0.6), 1.9)).isEqualTo(5);
    assertThat(Outliers.bySuccessRate(rates(10, 0.99, 0.97), 1.9)).isEqualTo(5);
  }

  @Test
  void nobodyStandsOutWhereAllAreAlikeOrTooFewAreKnown() {
    assertThat(Outliers.bySuccessRate(rates(10, 0.5, 0.5), 1.9)).isEqualTo(-1);
    assertThat(Outliers.bySuccessRate(rates(4, 1, 0), 1.9)).isEqualTo(-1);
    double[] mostlyUnknown = rates(10, Double.NaN, 0);
    assertThat(Outliers.bySuccessRate(mostlyUnknown, 1.9)).isEqualTo(-1);
    assertThat(Outliers.bySuccessRate(rates(10, 1, 0), 0)).as("switched off").isEqualTo(-1);
  }

  @Test
  void fiveEndpointsAreEnoughForOneOfThemToStandOut() {
    // of five, one alone is two standard deviations from the mean at most: 1.9 is just below
    assertThat(Outliers.bySuccessRate(rates(5, 1, 0.5), 1.9)).isEqualTo(2);
    assertThat(Outliers.bySuccessRate(rates(5, 1, 0.5), 2.1)).isEqualTo(-1);
  }

  @Test
  void aRateOfFewerThanAHundredCallsIsUnknown() {
    assertThat(Outliers.rate(99, 99)).isNaN();
    assertThat(Outliers.rate(100, 25)).isEqualTo(0.75);
    assertThat(Outliers.rate(100, 200)).as("failures of calls that began before").isZero();
  }

  @Test
  void slowIsFiveTimesTheMedianOfTheOthersAndTenMillisecondsMore() {
    long[] nanos = {4 * MILLI, 3 * MILLI, 21 * MILLI, 4 * MILLI};
    assertThat(Outliers.isSlow(nanos, 2, 5)).isTrue();
    assertThat(Outliers.isSlow(nanos, 2, 6)).isFalse();
    assertThat(Outliers.isSlow(nanos, 0, 5)).isFalse();
    assertThat(Outliers.isSlow(new long[] {MILLI, 10 * MILLI}, 1, 5)).as("nine more").isFalse();
    assertThat(Outliers.isSlow(new long[] {MILLI, 12 * MILLI}, 1, 5)).isTrue();
  }

  @Test
  void nobodyIsSlowAlone() {
    assertThat(Outliers.isSlow(new long[] {1000 * MILLI}, 0, 5)).isFalse();
    assertThat(Outliers.isSlow(new long[] {1000 * MILLI, 0}, 0, 5)).isFalse();
    assertThat(Outliers.isSlow(new long[] {1000 * MILLI, MILLI}, 0, 0)).as("off").isFalse();
  }
}
