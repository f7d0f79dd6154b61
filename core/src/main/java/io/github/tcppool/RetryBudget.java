package io.github.tcppool;

/**
 * How many calls of a pool may be repeated after bytes of them were written in vain, so that
 * retries cannot multiply the load of servers in trouble.
 *
 * <p>The pool may repeat {@code ofCalls} times as many calls as it makes, and {@code perSecond}
 * more each second. What is not used within about ten seconds is lost. A call for which the budget
 * has nothing left fails with the outcome of its last attempt. Attempts that wrote nothing cost
 * nothing.
 *
 * @param ofCalls the part of all calls that may be repeated, at least 0
 * @param perSecond how many more may be repeated each second, at least 0; for pools with few calls
 */
public record RetryBudget(double ofCalls, int perSecond) {

  /** A fifth of all calls, and ten each second, as in Twitter's Finagle. */
  public static final RetryBudget DEFAULT = new RetryBudget(0.2, 10);

  /** As many as the deadlines of the calls have room for. */
  public static final RetryBudget UNLIMITED =
      new RetryBudget(Double.POSITIVE_INFINITY, Integer.MAX_VALUE);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming the rule and the value
   */
  public RetryBudget {
    if (!(ofCalls >= 0)) {
      throw new IllegalArgumentException(
          "part of calls in a retry budget must be at least 0, but was " + ofCalls);
    }
    Require.atLeast("retries per second in a retry budget", perSecond, 0);
  }

  /** Whether there is no limit. */
  public boolean isUnlimited() {
    return Double.isInfinite(ofCalls);
  }
}
