package io.github.tcppool;

import java.time.Duration;

/**
 * What an {@link Outbox} does with a message for which there is no room.
 *
 * @param kind who gives way
 * @param patience how long {@link Kind#BLOCK} waits for room; zero for the others
 */
public record Overflow(Kind kind, Duration patience) {

  /** Who gives way when there is no room. */
  public enum Kind {
    /** The caller: it waits. */
    BLOCK,
    /** The caller: {@code offer} returns false and the message stays its own. */
    FAIL,
    /** The message that has waited longest and is not being written. */
    DROP_OLDEST,
    /** The new message. */
    DROP_NEWEST
  }

  /** Checks the values. */
  public Overflow {
    java.util.Objects.requireNonNull(kind, "kind must not be null");
    patience = Require.notNegative("patience", patience);
  }

  /**
   * {@code offer} waits for room, first come, first served, and returns false when this time is
   * over. For callers that can be slowed down.
   */
  public static Overflow block(Duration patience) {
    return new Overflow(Kind.BLOCK, Require.positive("patience", patience));
  }

  /**
   * {@code offer} returns false; the message was never accepted. For callers that know what to do
   * with it. The default.
   */
  public static Overflow fail() {
    return new Overflow(Kind.FAIL, Duration.ZERO);
  }

  /**
   * The oldest messages give way; they count as dropped and go to the listener. For readings of
   * which the newest matter. If all that is queued is being written, the new message is dropped.
   */
  public static Overflow dropOldest() {
    return new Overflow(Kind.DROP_OLDEST, Duration.ZERO);
  }

  /**
   * The new message gives way: it counts as accepted and dropped, goes to the listener, and {@code
   * offer} returns false. For logs of which the beginning of a trouble matters.
   */
  public static Overflow dropNewest() {
    return new Overflow(Kind.DROP_NEWEST, Duration.ZERO);
  }
}
