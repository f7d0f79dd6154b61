package io.github.tcppool;

import java.time.Duration;
import java.util.Objects;

/** Refuses bad options with a message that names the rule and the value. */
final class Require {

  /** About 73 years: the longest time that a clock in nanoseconds can compare. */
  static final Duration MAX = Duration.ofNanos(Long.MAX_VALUE / 4);

  private Require() {}

  static int atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + " must be at least " + least + ", but was " + value);
    }
    return value;
  }

  /** A duration of at least 0, cut to what the clock can count. */
  static Duration notNegative(String name, Duration value) {
    Objects.requireNonNull(value, () -> name + " must not be null");
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, but was " + value);
    }
    return value.compareTo(MAX) > 0 ? MAX : value;
  }

  /** A duration of at least a millisecond, cut to what the clock can count. */
  static Duration positive(String name, Duration value) {
    Duration checked = notNegative(name, value);
    if (checked.toMillis() < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 ms, but was " + value);
    }
    return checked;
  }
}
