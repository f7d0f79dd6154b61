package io.github.tcppool;

import java.time.Duration;

/**
 * How often a call tries again, and how long a pool waits between dials to an endpoint that fails.
 *
 * <p>An <em>attempt</em> is a dial that failed while the call waited for it and nothing else could
 * serve the call, or a connection on which some bytes of the message were written in vain. A
 * connection that turned out to be dead before a single byte was written costs no attempt: going on
 * with another one is free.
 *
 * <p>Which messages may be sent again at all is not a matter of this policy but of safety: see
 * {@link TcpPool#send}.
 *
 * @param maxAttempts how many attempts fail before the call does; at least 1; {@link #UNLIMITED} to
 *     try until the deadline
 * @param backoff the wait between dials to the same failing endpoint
 * @param budget how many calls of the whole pool may be repeated
 */
public record RetryPolicy(int maxAttempts, Backoff backoff, RetryBudget budget) {

  /** As many attempts as the deadline has room for. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming the rule and the value
   */
  public RetryPolicy {
    Require.atLeast("attempts", maxAttempts, 1);
    java.util.Objects.requireNonNull(backoff, "backoff must not be null");
    java.util.Objects.requireNonNull(budget, "retry budget must not be null");
  }

  /** With {@link RetryBudget#DEFAULT}. */
  public RetryPolicy(int maxAttempts, Backoff backoff) {
    this(maxAttempts, backoff, RetryBudget.DEFAULT);
  }

  /** Tries until the deadline of the call, with {@link Backoff#DEFAULT}. This is the default. */
  public static RetryPolicy untilDeadline() {
    return new RetryPolicy(UNLIMITED, Backoff.DEFAULT);
  }

  /**
   * Fails a call after this many failed attempts, at least 1, with {@link Backoff#DEFAULT} between
   * dials.
   */
  public static RetryPolicy attempts(int maxAttempts) {
    return new RetryPolicy(maxAttempts, Backoff.DEFAULT);
  }

  /**
   * The same with another backoff, which doubles from {@code first} to 250 ms, or stays at {@code
   * first} if longer.
   */
  public RetryPolicy backoff(Duration first) {
    Duration checked = Require.positive("first backoff", first);
    Duration max = Backoff.DEFAULT.max();
    return backoff(new Backoff(checked, checked.compareTo(max) > 0 ? checked : max));
  }

  /** The same with another backoff. */
  public RetryPolicy backoff(Backoff newBackoff) {
    return new RetryPolicy(maxAttempts, newBackoff, budget);
  }

  /** The same with another budget for the whole pool. */
  public RetryPolicy budget(RetryBudget newBudget) {
    return new RetryPolicy(maxAttempts, backoff, newBudget);
  }
}
