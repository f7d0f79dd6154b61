package io.github.tcppool.internal.health;

import java.util.random.RandomGenerator;

/**
 * Equal jitter, drawn after the cap: doubling up to a maximum, of which between half and all is
 * waited (M. Brooker, "Exponential Backoff And Jitter", 2015). So clients that have all reached the
 * cap still spread.
 */
public final class ProbePace {

  private ProbePace() {}

  /** The wait after so many failures in a row, at least 1. */
  public static long nanos(long firstNanos, long maxNanos, int failures, RandomGenerator random) {
    long ceiling = firstNanos;
    for (int i = 1; i < failures && ceiling < maxNanos; i++) {
      ceiling *= 2;
    }
    ceiling = Math.min(ceiling, maxNanos);
    return ceiling - random.nextLong(ceiling / 2 + 1);
  }
}
