package io.github.tcppool;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after the n-th failure in a row: doubling from {@code first} up to {@code max},
 * then up to a fifth of it, at random, taken away.
 *
 * <p>The jitter is computed after the cap, so that clients that have all reached the cap still
 * spread, further with every failure. A fifth is as wide as it may be: at the default maximum of
 * 250 ms a dial every 200 ms is five a second, and one every 250 ms still finds a server within 250
 * ms of its return.
 *
 * @param first the wait after the first failure, before jitter; at least 1 ms
 * @param max the longest wait, before jitter; at least {@code first}
 */
public record Backoff(Duration first, Duration max) {

  /** 10 ms doubling to 250 ms. */
  public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(10), Duration.ofMillis(250));

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming the rule and the value
   */
  public Backoff {
    first = Require.positive("first backoff", first);
    max = Require.positive("max backoff", max);
    if (max.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "max backoff must be at least first backoff (" + first + "), but was " + max);
    }
  }

  /** Doubles from {@code first} to {@code max}. */
  public static Backoff exponential(Duration first, Duration max) {
    return new Backoff(first, max);
  }

  /** Always about the same wait: between four fifths of {@code interval} and all of it. */
  public static Backoff constant(Duration interval) {
    return new Backoff(interval, interval);
  }

  /**
   * The wait before jitter after {@code failures} failures in a row, at least 1, in nanoseconds.
   */
  long ceilingNanos(int failures) {
    long cap = max.toNanos();
    long nanos = first.toNanos();
    for (int i = 1; i < failures && nanos < cap; i++) {
      nanos *= 2;
    }
    return Math.min(nanos, cap);
  }

  /**
   * The wait after {@code failures} failures in a row, in nanoseconds: at least four fifths of the
   * doubled value, at most all of it.
   *
   * @throws IllegalArgumentException if {@code failures} is less than 1
   */
  public long delayNanos(int failures, RandomGenerator random) {
    long ceiling = ceilingNanos(Require.atLeast("failures", failures, 1));
    return ceiling - random.nextLong(ceiling / 5 + 1);
  }
}
