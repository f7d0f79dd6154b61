package io.github.tcppool.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The faults of one direction at one moment. Immutable: a change replaces the whole.
 *
 * @param bytesPerSecond 0 for no limit
 * @param corruptAt the number of the byte to corrupt, or -1
 * @param limit where connections end, or null
 */
record Faults(
    long latencyNanos,
    long jitterNanos,
    long bytesPerSecond,
    Pace slice,
    double corruption,
    long corruptAt,
    @Nullable Limit limit,
    Mode mode) {

  static final Faults NONE = new Faults(0, 0, 0, Pace.UNLIMITED, 0, -1, null, Mode.FLOW);

  private static final int BANDWIDTH_STEPS_PER_SECOND = 100;
  private static final double NANOS_PER_SECOND = 1e9;

  /** What happens to bytes as such. */
  enum Mode {
    /** They pass. */
    FLOW,
    /** They are read and kept. */
    STALL,
    /** They are not read. */
    FREEZE,
    /** They are read and dropped. */
    SWALLOW
  }

  /** An end after so many bytes; a class, since each call of the test starts a count of its own. */
  static final class Limit {
    final long bytes;
    final boolean reset;

    Limit(long bytes, boolean reset) {
      if (bytes < 0) {
        throw new IllegalArgumentException("bytes must be at least 0, but was " + bytes);
      }
      this.bytes = bytes;
      this.reset = reset;
    }
  }

  Faults withLatency(Duration delay, Duration jitter) {
    if (delay.isNegative() || jitter.isNegative()) {
      throw new IllegalArgumentException(
          "latency must not be negative, but was " + delay + " and " + jitter);
    }
    return new Faults(
        delay.toNanos(),
        jitter.toNanos(),
        bytesPerSecond,
        slice,
        corruption,
        corruptAt,
        limit,
        mode);
  }

  Faults withBandwidth(long rate) {
    if (rate < 1) {
      throw new IllegalArgumentException("bytesPerSecond must be at least 1, but was " + rate);
    }
    return new Faults(latencyNanos, jitterNanos, rate, slice, corruption, corruptAt, limit, mode);
  }

  Faults withSlice(Pace pace) {
    return new Faults(
        latencyNanos, jitterNanos, bytesPerSecond, pace, corruption, corruptAt, limit, mode);
  }

  Faults withCorruption(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability must be 0 to 1, but was " + probability);
    }
    return new Faults(
        latencyNanos, jitterNanos, bytesPerSecond, slice, probability, corruptAt, limit, mode);
  }

  Faults withCorruptAt(long number) {
    return new Faults(
        latencyNanos, jitterNanos, bytesPerSecond, slice, corruption, number, limit, mode);
  }

  Faults withLimit(Limit end) {
    return new Faults(
        latencyNanos, jitterNanos, bytesPerSecond, slice, corruption, corruptAt, end, mode);
  }

  Faults withMode(Mode next) {
    return new Faults(
        latencyNanos, jitterNanos, bytesPerSecond, slice, corruption, corruptAt, limit, next);
  }

  boolean lags() {
    return latencyNanos > 0 || jitterNanos > 0;
  }

  boolean isPaced() {
    return bytesPerSecond > 0 || slice.gapNanos() > 0;
  }

  boolean is(Mode... modes) {
    for (Mode candidate : modes) {
      if (mode == candidate) {
        return true;
      }
    }
    return false;
  }

  /** The most bytes to be written at once. */
  int pieceBytes() {
    if (bytesPerSecond == 0) {
      return slice.bytes();
    }
    long share = Math.max(1, bytesPerSecond / BANDWIDTH_STEPS_PER_SECOND);
    return (int) Math.min(slice.bytes(), share);
  }

  /** How long to wait after writing so many bytes. */
  long gapNanos(int bytes) {
    if (bytesPerSecond == 0) {
      return slice.gapNanos();
    }
    return Math.max(slice.gapNanos(), (long) (bytes * NANOS_PER_SECOND / bytesPerSecond));
  }
}
