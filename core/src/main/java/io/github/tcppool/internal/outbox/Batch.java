package io.github.tcppool.internal.outbox;

import io.github.tcppool.framing.Framing;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Messages that were taken out of the ring, in order, and the frames of the first of them in one
 * buffer with their ends, so that after a failed write it is known what became of each.
 *
 * <p>For whoever has the turn.
 */
final class Batch {

  private static final int MOST_MESSAGES = 1024;

  private final Framing framing;
  private final int bytes;
  private final byte[][] messages = new byte[MOST_MESSAGES][];
  private final long[] times = new long[MOST_MESSAGES];
  private final int[] ends = new int[MOST_MESSAGES];
  private @Nullable ByteBuffer buffer;

  /** The messages not settled: from first to last. */
  private int first;

  private int last;

  /** How many of them are in the buffer. */
  private int encoded;

  Batch(Framing framing, int bytes) {
    this.framing = framing;
    this.bytes = bytes;
  }

  boolean isEmpty() {
    return first == last;
  }

  int size() {
    return last - first;
  }

  /** Takes more messages out; only if empty. */
  void refill(Books books) {
    first = 0;
    last = books.take(messages, times);
  }

  byte[] oldest() {
    return messages[first];
  }

  long oldestTime() {
    return times[first];
  }

  int encoded() {
    return encoded;
  }

  ByteBuffer frames() {
    ByteBuffer mine = buffer;
    if (mine == null) {
      mine = ByteBuffer.allocateDirect(bytes);
      buffer = mine;
    }
    return mine;
  }

  /**
   * Puts as many frames into the buffer as fit; none if the oldest is too large for it. Throws what
   * the framing throws at the oldest; a later message on which it would throw waits until it is the
   * oldest.
   */
  void encode() {
    ByteBuffer out = frames().clear();
    encoded = 0;
    try {
      while (first + encoded < last && put(messages[first + encoded], out)) {
        ends[encoded] = out.position();
        encoded++;
      }
    } catch (RuntimeException | Error e) { // a user's framing
      if (encoded == 0) {
        throw e;
      }
      out.position(ends[encoded - 1]);
    }
    out.flip();
  }

  private boolean put(byte[] message, ByteBuffer out) {
    if (out.remaining() < message.length + framing.maxOverheadBytes()) {
      return false;
    }
    framing.putHeader(message, 0, message.length, out);
    out.put(message);
    framing.putTrailer(message, 0, message.length, out);
    return true;
  }

  /** How many of the encoded messages end within the first {@code written} bytes. */
  int wholeWithin(long written) {
    int whole = 0;
    while (whole < encoded && ends[whole] <= written) {
      whole++;
    }
    return whole;
  }

  /** Where the frame begins that comes after this many. */
  int startOf(int number) {
    return number == 0 ? 0 : ends[number - 1];
  }

  /** Forgets the oldest messages; returns their bytes. */
  long remove(int count) {
    long removed = 0;
    for (int i = 0; i < count; i++) {
      removed += messages[first].length;
      messages[first] = NOTHING;
      first++;
    }
    encoded = 0;
    return removed;
  }

  private static final byte[] NOTHING = {};
}
