package io.github.tcppool.internal.engine;

import io.github.tcppool.OverloadPolicy;

/**
 * Watches how the line moves: how long it takes per place, and whether it stands. Under the
 * engine's lock.
 */
final class Congestion {

  /** The weight of the latest: 1 in so many. */
  private static final int WEIGHT = 8;

  /** The mean time between two who were served while others waited; 0 if not known. */
  private double nanosPerPlace;

  /** Since when the line has moved no further. */
  private long movedNanos;

  private long leastWaitNanos;
  private long intervalEndNanos;
  private boolean standing;

  /** The first one joined a line that was empty. */
  void began(long now, OverloadPolicy policy) {
    movedNanos = now;
    standing = false;
    leastWaitNanos = Long.MAX_VALUE;
    intervalEndNanos = now + policy.interval().toNanos();
  }

  /**
   * Somebody was served.
   *
   * @param waitedNanos how long that took
   * @param left how many wait still
   * @return whether the line stands, so that others who have waited for too long are to leave
   */
  boolean served(long now, long waitedNanos, int left, OverloadPolicy policy) {
    double took = Math.max(0, now - movedNanos);
    nanosPerPlace = nanosPerPlace == 0 ? took : nanosPerPlace + (took - nanosPerPlace) / WEIGHT;
    movedNanos = now;
    if (policy.target().isZero()) {
      return false;
    }
    leastWaitNanos = Math.min(leastWaitNanos, waitedNanos);
    if (now - intervalEndNanos >= 0) {
      standing = leastWaitNanos > policy.target().toNanos();
      leastWaitNanos = Long.MAX_VALUE;
      intervalEndNanos = now + policy.interval().toNanos();
    }
    return standing;
  }

  /** Whether who comes behind so many will be served too late. */
  boolean isHopeless(int ahead, long leftNanos) {
    return ahead > 0 && ahead * nanosPerPlace > leftNanos;
  }
}
