package io.github.tcppool.internal;

import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import java.nio.ByteBuffer;

/**
 * Cuts a stream of bytes that is being written into whole frames, however it is sliced. For one
 * thread at a time.
 */
final class MessageSplitter {

  private static final int FIRST_BYTES = 1 << 10;

  private final Framing framing;
  private FrameReader frames;

  /** Position to limit: bytes of a message that is not complete. */
  private ByteBuffer held = ByteBuffer.allocate(FIRST_BYTES).flip();

  MessageSplitter(Framing framing) {
    this.framing = framing;
    frames = new FrameReader(framing);
  }

  /** Forgets what is held: a new message begins with the next byte. */
  void clear() {
    frames = new FrameReader(framing);
    held = ByteBuffer.allocate(FIRST_BYTES).flip();
  }

  /**
   * Adds what was written. How much is held is bounded by the framing, as {@link #next} refuses
   * more than one frame's maximum.
   */
  void add(byte[] source, int offset, int length) {
    if (held.capacity() - held.remaining() < length) {
      int needed = Math.addExact(held.remaining(), length);
      held = ByteBuffer.allocate(Math.max(needed, held.capacity() * 2)).put(held).flip();
    }
    if (held.position() > 0) {
      held.compact();
    } else { // compact would move every byte, at every write
      held.position(held.limit()).limit(held.capacity());
    }
    held.put(source, offset, length).flip();
  }

  /** The next whole frame with all that belongs to it, or an empty array if there is none yet. */
  byte[] next() throws FrameException {
    int length = frames.scan(held);
    byte[] frame = new byte[length];
    held.get(frame);
    if (!held.hasRemaining() && held.capacity() > FIRST_BYTES) {
      held = ByteBuffer.allocate(FIRST_BYTES).flip();
    }
    return frame;
  }

  /** Bytes of a message that is not complete. */
  int pending() {
    return held.remaining();
  }
}
