package io.github.tcppool.internal.health;

import io.github.tcppool.RetryBudget;

/**
 * What a retry budget has left: a bucket into which calls and seconds put tokens, and which leaks,
 * so that it holds what came in during about ten seconds. For one thread at a time.
 */
public final class RetryTokens {

  /** Within this time what is not used is lost. */
  static final double WINDOW_NANOS = 10e9;

  private double tokens = -1;
  private long seenNanos;
  private long seenCalls;

  /**
   * Takes one token, if there is one.
   *
   * @param calls how many attempts were made so far, retries included
   */
  public boolean take(long now, long calls, RetryBudget budget) {
    if (budget.isUnlimited()) {
      return true;
    }
    double whole = budget.perSecond() * WINDOW_NANOS / 1e9;
    if (tokens < 0) {
      tokens = whole + budget.ofCalls() * calls; // as if it had been here for long
    } else {
      double part = Math.max(0, now - seenNanos) / WINDOW_NANOS;
      double earned = whole * part + budget.ofCalls() * Math.max(0, calls - seenCalls);
      tokens = tokens * Math.max(0, 1 - part) + earned * Math.min(1, 1 / part);
    }
    seenNanos = now;
    seenCalls = calls;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    seenCalls++; // the retry is a call that earns nothing
    return true;
  }
}
