package io.github.tcppool.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one connection that were read and not asked for yet. For one thread at a time.
 *
 * <p>Small amounts lie in a direct buffer that is filled by the kernel itself. A frame that does
 * not fit there is gathered in an array that doubles as bytes arrive - never by a length that a
 * peer announced - and stops once at what the longest frame needs: so reading one allocates less
 * than four times its maximum, and 64 KiB.
 */
final class Inbound {

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  /** Ready to be read: position to limit is unread. */
  private @Nullable ByteBuffer buffer;

  /** Where doubling stops once. */
  private int frameBytes;

  void expectFrames(int mostBytes) {
    frameBytes = Math.max(Buffers.LARGE_BYTES, mostBytes);
  }

  boolean hasUnread() {
    ByteBuffer held = buffer;
    return held != null && held.hasRemaining();
  }

  ByteBuffer unread() {
    ByteBuffer held = buffer;
    return held == null ? EMPTY : held;
  }

  int get(byte[] target, int offset, int length) {
    ByteBuffer held = unread();
    int count = Math.min(length, held.remaining());
    held.get(target, offset, count);
    return count;
  }

  /**
   * Takes what the layer below has, without waiting: the number of bytes, 0 for none, -1 at the
   * end.
   */
  int readFrom(Layer layer) throws IOException {
    ByteBuffer held = held();
    if (held.remaining() == held.capacity()) {
      held = grown(held);
      buffer = held;
    }
    return held.isDirect() ? readDirect(layer, held) : readThrough(layer, held);
  }

  private ByteBuffer held() {
    ByteBuffer held = buffer;
    if (held == null || (!held.isDirect() && !held.hasRemaining())) {
      held = Buffers.SMALL.take().flip();
      buffer = held;
    }
    return held;
  }

  private static int readDirect(Layer layer, ByteBuffer held) throws IOException {
    openForMore(held);
    try {
      return layer.read(held);
    } finally {
      held.flip();
    }
  }

  /** By way of a direct buffer, as the kernel cannot fill an array. */
  private static int readThrough(Layer layer, ByteBuffer held) throws IOException {
    ByteBuffer large = Buffers.LARGE.take();
    try {
      openForMore(held);
      large.limit(Math.min(large.capacity(), held.remaining()));
      int count = layer.read(large);
      held.put(large.flip());
      return count;
    } finally {
      held.flip();
      Buffers.LARGE.give(large);
    }
  }

  /** Makes room behind the unread bytes; moves them only if some before them were taken. */
  private static void openForMore(ByteBuffer held) {
    if (held.position() > 0) {
      held.compact();
    } else {
      held.position(held.limit()).limit(held.capacity());
    }
  }

  private ByteBuffer grown(ByteBuffer full) {
    long doubled = Math.max(Buffers.LARGE_BYTES, 2L * full.capacity());
    boolean stops = full.capacity() < frameBytes && frameBytes < doubled;
    int bytes = stops ? frameBytes : Math.toIntExact(doubled);
    ByteBuffer larger = ByteBuffer.allocate(bytes);
    larger.put(full).flip();
    if (full.isDirect()) {
      Buffers.SMALL.give(full);
    }
    return larger;
  }

  /** Lets go of the buffer if nothing is in it. */
  void relax() {
    ByteBuffer held = buffer;
    if (held != null && !held.hasRemaining()) {
      buffer = null;
      if (held.isDirect()) {
        Buffers.SMALL.give(held);
      }
    }
  }
}
