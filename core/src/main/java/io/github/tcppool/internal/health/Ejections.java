package io.github.tcppool.internal.health;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long, and how many. An ejection lasts for a base time, times how often this happened of late,
 * at most ten times, plus up to a tenth at random so that many clients do not come back together.
 */
public final class Ejections {

  private static final int MOST_TIMES = 10;
  private static final int PART = 10;

  /** So that nothing below overflows: a decade. */
  private static final long MOST_BASE_NANOS = TimeUnit.DAYS.toNanos(3_650);

  private Ejections() {}

  /** How long the ejection lasts that is the {@code times}-th one, counted from 1. */
  public static long nanos(long baseNanos, int times, RandomGenerator random) {
    long nanos = Math.min(baseNanos, MOST_BASE_NANOS) * Math.min(times, MOST_TIMES);
    return nanos + random.nextLong(nanos / PART + 1);
  }

  /** The number of this ejection, when the last one had this number and was over for so long. */
  public static int next(int last, long openNanos, long baseNanos) {
    long forgiven = Math.max(0, openNanos) / Math.max(1, baseNanos);
    return (int) Math.max(0, Math.min(last, MOST_TIMES) - forgiven) + 1;
  }

  /** Whether one more of so many endpoints may be ejected: up to a tenth, and at least one. */
  public static boolean mayEject(int ejected, int endpoints) {
    return endpoints > 1 && ejected < Math.max(1, endpoints / PART);
  }

  /** Whether so few are left that ejections are disregarded: less than half. */
  public static boolean isPanic(int open, int endpoints) {
    return 2 * open < endpoints;
  }
}
