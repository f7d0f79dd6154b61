package io.github.tcppool.testkit;

import java.time.Duration;

/**
 * One direction of a {@link FaultProxy}'s traffic, or both, and the faults in it.
 *
 * <p>A fault holds for all connections, open and to come, from the call on until {@link #heal()} or
 * until the same method sets it anew; different faults add up. Methods may be called by any thread
 * while traffic flows, and do not block; they return this, so that faults can be listed in one go:
 *
 * <pre>{@code
 * proxy.downstream().latency(Duration.ofMillis(50)).slice(1, Duration.ofMillis(5));
 * }</pre>
 *
 * <p>Byte numbers are per connection and direction.
 */
public interface Direction {

  /** Delays every byte, and the FIN, by this much. Nothing is lost or reordered. */
  default Direction latency(Duration delay) {
    return latency(delay, Duration.ZERO);
  }

  /** Delays every chunk by {@code delay} and a random part of {@code jitter}, seeded. */
  Direction latency(Duration delay, Duration jitter);

  /** Lets at most so many bytes through in a second; at least 1. */
  Direction bandwidth(long bytesPerSecond);

  /** Forwards pieces of at most {@code bytes} bytes with a gap after each. */
  Direction slice(int bytes, Duration gap);

  /** Flips one bit of each byte that loses a seeded draw with this probability, 0 to 1. */
  Direction corrupt(double probability);

  /** Flips the lowest bit of one byte of each connection, whose first byte has number 0. */
  Direction corruptAt(long byteNumber);

  /** Forwards so many bytes more on each connection, then closes both its sides with a FIN. */
  Direction cutAfter(long bytes);

  /** Forwards so many bytes more on each connection, then closes both its sides with a RST. */
  Direction resetAfter(long bytes);

  /**
   * Forwards nothing, not even a FIN, but goes on reading, up to 1 MiB for each connection. After
   * {@link #heal()} everything follows.
   */
  Direction stall();

  /**
   * Reads nothing, so that the sender's window closes and its writes block. What was read before is
   * forwarded.
   */
  Direction freeze();

  /**
   * Reads everything and forwards nothing, for ever. A connection that has lost bytes so gets a RST
   * on {@link #heal()}: no network lets a stream go on with a hole in it.
   */
  Direction swallow();

  /**
   * Sends a FIN to the receivers of this direction on all open connections, while senders go on.
   */
  void halfClose();

  /** Removes all faults of this direction; what stalled or lagged goes out at once, in order. */
  Direction heal();

  /** Bytes read from the senders of this direction. */
  long bytesRead();

  /** Bytes forwarded to the receivers of this direction. */
  long bytesForwarded();

  /**
   * Waits for at least so many forwarded bytes, as long as the proxy's patience, and throws an
   * {@link AssertionError} if they do not come.
   */
  void awaitForwarded(long bytes);
}
