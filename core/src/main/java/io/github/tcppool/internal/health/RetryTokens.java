package io.github.tcppool.internal.health;

import io.github.tcppool.RetryBudget;

/**
 * What a retry budget has left: a bucket into which calls and seconds put tokens, and which leaks,
 * so that it holds what came in during about ten seconds. What came in between two looks counts as
 * if it had come in evenly; so it is looked at now and then also when nothing is repeated. For one
 * thread at a time.
 */
public final class RetryTokens {

  /** Within this time what is not used is lost. */
  static final long WINDOW_NANOS = 10_000_000_000L;

  private double tokens = -1;
  private long seenNanos;
  private long seenCalls;

  /** A bucket that is filled from this moment on; what seconds give is there already. */
  public RetryTokens(long now) {
    seenNanos = now;
  }

  /** Whether it was not looked at for so long that it could take old calls for late ones. */
  public boolean isLookDue(long now) {
    return now - seenNanos >= WINDOW_NANOS;
  }

  /**
   * Takes in what was earned.
   *
   * @param calls how many attempts were made so far, retries included
   */
  public void look(long now, long calls, RetryBudget budget) {
    double whole = (double) budget.perSecond() * WINDOW_NANOS / 1e9;
    double part = (double) Math.max(0, now - seenNanos) / WINDOW_NANOS;
    double earned = whole * part + budget.ofCalls() * Math.max(0, calls - seenCalls);
    double before = tokens < 0 ? whole : tokens;
    tokens = before * Math.max(0, 1 - part) + earned * Math.min(1, 1 / part);
    seenNanos = now;
    seenCalls = calls;
  }

  /**
   * Takes one token, if there is one.
   *
   * @param calls how many attempts were made so far, retries included
   */
  public boolean take(long now, long calls, RetryBudget budget) {
    if (budget.isUnlimited()) {
      return true;
    }
    look(now, calls, budget);
    if (tokens < 1) {
      return false;
    }
    tokens--;
    seenCalls++; // the retry is a call that earns nothing
    return true;
  }
}
