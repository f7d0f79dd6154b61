package io.github.tcppool.internal.outbox;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of messages: any number of producers without a lock, one consumer at a time under
 * a lock that the caller holds.
 *
 * <p>The word {@code held} counts what is in the outbox, from the reservation of its place until it
 * is sent, failed or dropped; so it also counts what the consumer has taken out and not settled.
 *
 * <pre>
 * bits 0 to 39     bytes held
 * bits 40 to 62    messages held
 * bit 63           closed: no reservation succeeds any more
 * </pre>
 *
 * <p>A reservation is followed by the publication of the message at the next position. As no more
 * messages are held than there are slots, the slot of that position is free. Between the two, the
 * position is a hole, which the consumer takes for the end.
 */
final class MessageRing {

  /** What came of asking for room. */
  enum Room {
    GIVEN,
    FULL,
    CLOSED
  }

  private static final int BYTES_BITS = 40;
  private static final long ONE_MESSAGE = 1L << BYTES_BITS;
  private static final long BYTES_MASK = ONE_MESSAGE - 1;
  private static final long CLOSED = Long.MIN_VALUE;

  private final int maxMessages;
  private final long maxBytes;
  private final int mask;
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong tail = new AtomicLong();
  private final AtomicReferenceArray<byte @Nullable []> slots;

  /** When each message was published; null if nobody asks. Written before its slot. */
  private final long @Nullable [] times;

  /** The position of the oldest message that was not taken out. Of the consumer. */
  private long head;

  MessageRing(int maxMessages, long maxBytes, boolean timed) {
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
    int capacity = maxMessages == 1 ? 1 : Integer.highestOneBit(maxMessages - 1) << 1;
    mask = capacity - 1;
    slots = new AtomicReferenceArray<>(capacity);
    times = timed ? new long[capacity] : null;
  }

  // ---- producers ----

  /** Takes room for one message of this size, which must then be published. */
  Room reserve(int bytes) {
    while (true) {
      long seen = held.get();
      if (seen < 0) {
        return Room.CLOSED;
      }
      if ((seen >>> BYTES_BITS) >= maxMessages || (seen & BYTES_MASK) + bytes > maxBytes) {
        return Room.FULL;
      }
      if (held.compareAndSet(seen, seen + ONE_MESSAGE + bytes)) {
        return Room.GIVEN;
      }
    }
  }

  /** Puts a message in line for which room was reserved. */
  void publish(byte[] message, long now) {
    int slot = (int) tail.getAndIncrement() & mask;
    if (times != null) {
      times[slot] = now;
    }
    slots.set(slot, message);
  }

  /** The position that the next message will get. */
  long tail() {
    return tail.get();
  }

  /** Lets no reservation succeed any more. False if that was so before. */
  boolean close() {
    return held.getAndUpdate(word -> word | CLOSED) >= 0;
  }

  boolean isClosed() {
    return held.get() < 0;
  }

  int messages() {
    return (int) ((held.get() & ~CLOSED) >>> BYTES_BITS);
  }

  long bytes() {
    return held.get() & BYTES_MASK;
  }

  // ---- the consumer ----

  /** The position of the oldest message that was not taken out. */
  long head() {
    return head;
  }

  /** Whether the next message is there. */
  boolean hasNext() {
    return slots.get((int) head & mask) != null;
  }

  /** When the next message was published, if times are kept. Only if there is one. */
  long nextTime() {
    return times == null ? 0 : times[(int) head & mask];
  }

  /** Takes the next message out, or returns null; it stays counted until {@link #free}. */
  byte @Nullable [] poll() {
    int slot = (int) head & mask;
    byte[] message = slots.get(slot);
    if (message != null) {
      slots.setRelease(slot, null); // before the room is free, so before the next one comes here
      head++;
    }
    return message;
  }

  /** Gives the room of messages back that were taken out. */
  void free(int messages, long bytes) {
    held.addAndGet(-(messages * ONE_MESSAGE + bytes));
  }
}
