package io.github.tcppool.internal.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The round-trip time of an endpoint: an average that forgets exponentially, in ten seconds to 1/e,
 * and rises at once to a sample above it (the "peak EWMA" of Twitter's Finagle).
 *
 * <p>While nothing is measured it sinks, so that an endpoint that was slow is tried again; after 40
 * seconds without a sample it knows nothing any more. Value and time stand in one word, time in
 * steps of about a millisecond: of the samples within one step only those that raise it count, and
 * the others cost one read. Any number of threads; no lock, no allocation.
 */
public final class PeakEwma {

  private static final double DECAY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final double FORGET_AGE = 4; // in units of the decay

  /** A step of time is 2^20 ns. */
  private static final int STEP_BITS = 20;

  /** A float of nanoseconds in the upper half, the step in the lower; 0 if nothing is known. */
  private final AtomicLong word = new AtomicLong();

  /** Takes a sample into account. */
  public void observe(long nanos, long now) {
    float sample = Math.max(1, nanos);
    while (true) {
      long seen = word.get();
      float value = valueOf(seen);
      double age = age(seen, now);
      if (value > 0 && sample <= value && age == 0) {
        return;
      }
      float next = sample;
      if (sample < value) {
        double weight = Math.exp(-age);
        next = (float) (value * weight + sample * (1 - weight));
      }
      if (word.compareAndSet(seen, wordOf(next, now))) {
        return;
      }
    }
  }

  /** Takes a call into account that was not answered for so long: can raise, never lower. */
  public void unanswered(long nanos, long now) {
    if (nanos > valueOf(word.get())) {
      observe(nanos, now);
    }
  }

  /** The figure at this moment in nanoseconds, at least 1; 0 if nothing is known. */
  public long nanos(long now) {
    long seen = word.get();
    float value = valueOf(seen);
    double age = age(seen, now);
    if (value == 0 || age >= FORGET_AGE) {
      return 0;
    }
    return Math.max(1, (long) (age == 0 ? value : value * Math.exp(-age)));
  }

  /** The figure after the last sample, in nanoseconds; 0 if there was none. */
  public long lastNanos() {
    return (long) valueOf(word.get());
  }

  /** Since the last sample, in units of the decay. */
  private static double age(long word, long now) {
    int steps = stepAt(now) - (int) word;
    return steps <= 0 ? 0 : ((long) steps << STEP_BITS) / DECAY_NANOS;
  }

  private static float valueOf(long word) {
    return Float.intBitsToFloat((int) (word >>> 32));
  }

  private static long wordOf(float value, long now) {
    return ((long) Float.floatToRawIntBits(value) << 32) | (stepAt(now) & 0xffff_ffffL);
  }

  private static int stepAt(long now) {
    return (int) (now >> STEP_BITS);
  }
}
