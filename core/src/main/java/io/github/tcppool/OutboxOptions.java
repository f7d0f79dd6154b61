package io.github.tcppool;

import java.time.Duration;
import java.util.Objects;

/**
 * The limits and habits of an {@link Outbox}. Immutable; each method returns changed options.
 *
 * <pre>{@code
 * OutboxOptions.defaults().maxMessages(10_000).overflow(Overflow.dropOldest()).listener(lost)
 * }</pre>
 */
public final class OutboxOptions {

  /** The most messages that any outbox can hold. */
  public static final int MOST_MESSAGES = 1 << 22;

  /** The most bytes that any outbox can hold. */
  public static final long MOST_BYTES = (1L << 40) - 1;

  private static final int MOST_BATCH_BYTES = 1 << 20;
  private static final OutboxOptions DEFAULTS = new OutboxOptions();

  private String name = "outbox";
  private int maxMessages = 1 << 16;
  private long maxBytes = 16L << 20;
  private Overflow overflow = Overflow.fail();
  private Duration linger = Duration.ZERO;
  private int batchBytes = 64 << 10;
  private Duration maxAge = Duration.ZERO;
  private boolean idempotent;
  private OutboxListener listener = (message, cause) -> {};

  private OutboxOptions() {}

  private OutboxOptions(OutboxOptions from) {
    name = from.name;
    maxMessages = from.maxMessages;
    maxBytes = from.maxBytes;
    overflow = from.overflow;
    linger = from.linger;
    batchBytes = from.batchBytes;
    maxAge = from.maxAge;
    idempotent = from.idempotent;
    listener = from.listener;
  }

  /** 65,536 messages, 16 MiB, a full outbox refuses, nothing lingers. */
  public static OutboxOptions defaults() {
    return DEFAULTS;
  }

  /** What it is called in logs and figures; 1 to 64 characters. Default {@code outbox}. */
  public OutboxOptions name(String newName) {
    Objects.requireNonNull(newName, "name must not be null");
    if (newName.isBlank() || newName.length() > 64) {
      throw new IllegalArgumentException(
          "name must have 1 to 64 characters, but was \"" + newName + "\"");
    }
    OutboxOptions changed = new OutboxOptions(this);
    changed.name = newName;
    return changed;
  }

  /**
   * The most messages queued, those being written included. Default 65,536; 1 to {@link
   * #MOST_MESSAGES}. Takes 4 to 8 bytes of memory for each, used or not.
   */
  public OutboxOptions maxMessages(int messages) {
    OutboxOptions changed = new OutboxOptions(this);
    changed.maxMessages = (int) within("maxMessages", messages, 1, MOST_MESSAGES);
    return changed;
  }

  /**
   * The most bytes of messages queued. Default 16 MiB; 1 to {@link #MOST_BYTES}. Set it to the
   * memory that an outage may cost you.
   */
  public OutboxOptions maxBytes(long bytes) {
    OutboxOptions changed = new OutboxOptions(this);
    changed.maxBytes = within("maxBytes", bytes, 1, MOST_BYTES);
    return changed;
  }

  /** What happens when there is no room. Default {@link Overflow#fail()}. */
  public OutboxOptions overflow(Overflow policy) {
    OutboxOptions changed = new OutboxOptions(this);
    changed.overflow = Objects.requireNonNull(policy, "overflow must not be null");
    return changed;
  }

  /**
   * How long a message may wait for others to share its write. Default 0: none waits, and batches
   * form by themselves while a write is under way. Raise it to trade latency for fewer packets.
   */
  public OutboxOptions linger(Duration time) {
    OutboxOptions changed = new OutboxOptions(this);
    changed.linger = Require.notNegative("linger", time);
    return changed;
  }

  /**
   * The most bytes of frames in one write; a longer message goes out alone. Default 64 KiB; 1 KiB
   * to 1 MiB. Smaller batches spread a burst over more connections.
   */
  public OutboxOptions batchBytes(int bytes) {
    OutboxOptions changed = new OutboxOptions(this);
    changed.batchBytes = (int) within("batchBytes", bytes, 1 << 10, MOST_BATCH_BYTES);
    return changed;
  }

  /**
   * How old a message may get before it is given up. Default 0: any age. Set it where old messages
   * are worth nothing.
   */
  public OutboxOptions maxAge(Duration time) {
    OutboxOptions changed = new OutboxOptions(this);
    changed.maxAge = Require.notNegative("maxAge", time);
    return changed;
  }

  /** Peers may get a message twice, or its beginning, without harm: torn ones are sent again. */
  public OutboxOptions idempotent() {
    OutboxOptions changed = new OutboxOptions(this);
    changed.idempotent = true;
    return changed;
  }

  /** Who gets messages back that will not be sent. Default: nobody; they are only counted. */
  public OutboxOptions listener(OutboxListener newListener) {
    OutboxOptions changed = new OutboxOptions(this);
    changed.listener = Objects.requireNonNull(newListener, "listener must not be null");
    return changed;
  }

  private static long within(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " must be " + least + " to " + most + ", but was " + value);
    }
    return value;
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The most messages queued. */
  public int maxMessages() {
    return maxMessages;
  }

  /** The most bytes queued. */
  public long maxBytes() {
    return maxBytes;
  }

  /** What happens when there is no room. */
  public Overflow overflow() {
    return overflow;
  }

  /** How long a message may wait for others. */
  public Duration linger() {
    return linger;
  }

  /** The most bytes in one write. */
  public int batchBytes() {
    return batchBytes;
  }

  /** How old a message may get; zero for any age. */
  public Duration maxAge() {
    return maxAge;
  }

  /** Whether peers may get a message twice. */
  public boolean isIdempotent() {
    return idempotent;
  }

  /** Who gets messages back. */
  public OutboxListener listener() {
    return listener;
  }

  @Override
  public String toString() {
    return "OutboxOptions["
        + name
        + ", maxMessages="
        + maxMessages
        + ", maxBytes="
        + maxBytes
        + ", overflow="
        + overflow
        + ", linger="
        + linger
        + ", batchBytes="
        + batchBytes
        + ", maxAge="
        + maxAge
        + ", idempotent="
        + idempotent
        + "]";
  }
}
