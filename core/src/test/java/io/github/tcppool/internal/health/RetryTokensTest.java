package io.github.tcppool.internal.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.RetryBudget;
import org.junit.jupiter.api.Test;

class RetryTokensTest {

  private static final long SECOND = 1_000_000_000L;

  private long now = 5 * SECOND;
  private final RetryTokens tokens = new RetryTokens(now);
  private long calls;

  /**
   * So many calls in each of so many seconds, all of which fail; returns how many were repeated.
   */
  private int play(int seconds, int callsPerSecond, RetryBudget budget) {
    int repeated = 0;
    for (int i = 0; i < seconds * callsPerSecond; i++) {
      now += SECOND / callsPerSecond;
      calls++;
      while (tokens.take(now, calls, budget)) {
        calls++;
        repeated++;
      }
    }
    return repeated;
  }

  @Test
  void anOutageMultipliesCallsByOnePointTwoAndTenEachSecondAtMost() {
    int begin = play(10, 1000, RetryBudget.DEFAULT);
    assertThat(begin).as("with the reserve of ten seconds").isBetween(2_000, 2_210);
    assertThat(play(100, 1000, RetryBudget.DEFAULT)).isBetween(20_000, 21_010);
  }

  @Test
  void aPoolWithFewCallsMayRepeatTenEachSecond() {
    play(20, 1, RetryBudget.DEFAULT);
    assertThat(play(100, 1, RetryBudget.DEFAULT)).isBetween(1_000, 1_030);
  }

  @Test
  void theFirstRepeatFindsNoMoreThanLaterOnes() {
    now += 3600 * SECOND;
    calls = 1_000_000;
    assertThat(takeAll()).as("0.2 of the calls of ten seconds, and a hundred").isBetween(600, 660);
  }

  @Test
  void aPoolThatHasJustBegunMayRepeatAHundred() {
    assertThat(takeAll()).isEqualTo(100);
  }

  @Test
  void whatABusyTimeEarnedIsForgottenByLooks() {
    for (int i = 0; i < 60; i++) {
      calls += 100_000;
      tokens.look(now += SECOND, calls, RetryBudget.DEFAULT);
    }
    assertThat(tokens.isLookDue(now + 9 * SECOND)).isFalse();
    assertThat(tokens.isLookDue(now + 10 * SECOND)).isTrue();
    tokens.look(now += 10 * SECOND, calls, RetryBudget.DEFAULT);
    now += 3600 * SECOND;
    assertThat(takeAll()).isEqualTo(100);
  }

  private int takeAll() {
    int atOnce = 0;
    while (tokens.take(now, calls, RetryBudget.DEFAULT)) {
      atOnce++;
      calls++;
    }
    return atOnce;
  }

  @Test
  void whatIsNotUsedIsLostAfterTenSeconds() {
    play(20, 1, RetryBudget.DEFAULT);
    now += 3600 * SECOND;
    calls += 1_000_000;
    assertThat(takeAll()).as("0.2 of the calls of ten seconds, and a hundred").isBetween(600, 660);
  }

  @Test
  void aBudgetOfNothingRepeatsNothingAndOneWithoutLimitsAnything() {
    assertThat(play(10, 100, new RetryBudget(0, 0))).isZero();
    for (int i = 0; i < 100_000; i++) {
      assertThat(tokens.take(now, 0, RetryBudget.UNLIMITED)).isTrue();
    }
  }

  @Test
  void aBudgetBelowNothingIsRefused() {
    assertThatThrownBy(() -> new RetryBudget(-0.1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be at least 0, but was -0.1");
    assertThatThrownBy(() -> new RetryBudget(Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RetryBudget(0, -1)).isInstanceOf(IllegalArgumentException.class);
  }
}
