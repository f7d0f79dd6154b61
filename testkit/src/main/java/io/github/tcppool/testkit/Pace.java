package io.github.tcppool.testkit;

import java.time.Duration;

/** A speed: at most so many bytes, then a gap. */
record Pace(int bytes, long gapNanos) {
  static final Pace UNLIMITED = new Pace(Integer.MAX_VALUE, 0);

  Pace {
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes must be at least 1, but was " + bytes);
    }
    if (gapNanos < 0) {
      throw new IllegalArgumentException("a gap must not be negative, but was " + gapNanos + " ns");
    }
  }

  static Pace of(int bytes, Duration gap) {
    return new Pace(bytes, gap.toNanos());
  }
}
