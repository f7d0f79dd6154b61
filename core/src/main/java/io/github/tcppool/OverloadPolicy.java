package io.github.tcppool;

import java.time.Duration;

/**
 * What a pool does when calls come faster than connections are given back, besides letting {@link
 * PoolOptions#maxPending()} of them wait: both rules turn calls away with {@link
 * PoolExhaustedException} that would wait in vain. Immutable; each method returns a changed policy.
 *
 * <pre>{@code
 * OverloadPolicy.none().rejectEarly(true).shed(Duration.ofMillis(5), Duration.ofMillis(100))
 * }</pre>
 *
 * <p>Calls that find an idle connection never meet it.
 */
public final class OverloadPolicy {

  private static final OverloadPolicy NONE =
      new OverloadPolicy(false, Duration.ZERO, Duration.ofMillis(100));

  private final boolean rejectsEarly;
  private final Duration target;
  private final Duration interval;

  private OverloadPolicy(boolean rejectsEarly, Duration target, Duration interval) {
    this.rejectsEarly = rejectsEarly;
    this.target = target;
    this.interval = interval;
  }

  /** Every call may wait until its deadline. The default. */
  public static OverloadPolicy none() {
    return NONE;
  }

  /**
   * Whether a call is turned away at once when it would be served after its deadline only, as fast
   * as the line has moved of late: the callers before it, times the mean time between two of the
   * latest who were served. Whoever finds nobody in the line always joins it.
   */
  public OverloadPolicy rejectEarly(boolean value) {
    return new OverloadPolicy(value, target, interval);
  }

  /**
   * Turns away whoever has waited for more than twice the target, as long as even the shortest wait
   * of a whole interval was above the target: then the line is not a burst that will pass, but
   * stands, and everybody in it only gets older. Waits go back to about the target, and calls fail
   * soon instead of late.
   *
   * <p>The yardstick is that of CoDel (K. Nichols and V. Jacobson, "Controlling Queue Delay", 2012,
   * also RFC 8289), which suggests 5 ms and 100 ms; the rule for requests, which do not slow down
   * when one of them is dropped, is that of Facebook's servers (B. Maurer, "Fail at Scale", 2015).
   *
   * @param target at least 1 ms; 0 for never, the default
   * @param interval at least the target
   */
  public OverloadPolicy shed(Duration target, Duration interval) {
    Duration aim =
        Require.notNegative("target of shedding", target).isZero()
            ? Duration.ZERO
            : Require.positive("target of shedding", target);
    Duration whole = Require.positive("interval of shedding", interval);
    if (whole.compareTo(aim) < 0) {
      throw new IllegalArgumentException(
          "interval of shedding must be at least its target (" + target + "), but was " + interval);
    }
    return new OverloadPolicy(rejectsEarly, aim, whole);
  }

  /** Whether calls are turned away that would be served too late. */
  public boolean rejectsEarly() {
    return rejectsEarly;
  }

  /** The wait that a standing line is brought back to; zero if nobody is turned away for it. */
  public Duration target() {
    return target;
  }

  /** For how long waits must be above the target. */
  public Duration interval() {
    return interval;
  }

  /** Whether it does nothing. */
  public boolean isNone() {
    return !rejectsEarly && target.isZero();
  }

  @Override
  public String toString() {
    return "OverloadPolicy[rejectEarly="
        + rejectsEarly
        + ", target="
        + target
        + ", interval="
        + interval
        + "]";
  }
}
