package io.github.tcppool.proof.chaos;

import java.time.Duration;

/** How long and how strictly a scenario is played. */
enum Scale {
  /** In every build, on machines that are busy with other things: short, and with wide margins. */
  SLICE,
  /** On demand, on a machine that does nothing else: the figures that are promised. */
  FULL;

  /** The time, count or limit that belongs to this scale. */
  <T> T of(T slice, T full) {
    return this == FULL ? full : slice;
  }

  /** A limit for a moment that the machine may spoil: as promised, or with room for a pause. */
  Duration limit(long promisedMillis) {
    return Duration.ofMillis(this == FULL ? promisedMillis : promisedMillis + 1_500);
  }
}
