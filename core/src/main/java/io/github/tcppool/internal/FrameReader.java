package io.github.tcppool.internal;

import io.github.tcppool.framing.FrameDecoder;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds whole frames at the front of a buffer. For one thread at a time.
 *
 * <p>The decoder may be the user's, so its answers are checked before they are believed: a wrong
 * length must neither read past a frame nor allocate what nobody sent, and a decoder that never
 * finds an end must not make the buffer grow for ever.
 */
final class FrameReader {

  private static final byte[] EMPTY = {};

  private final Framing framing;
  private @Nullable FrameDecoder decoder;

  FrameReader(Framing framing) {
    this.framing = framing;
  }

  /** The most bytes that a frame may have, header and trailer included. */
  static int mostBytes(Framing framing) {
    return (int)
        Math.min(Integer.MAX_VALUE, (long) framing.maxMessageBytes() + Framing.MAX_OVERHEAD_BYTES);
  }

  /** The length of the first frame, header and trailer included, or 0 if it is not complete. */
  int scan(ByteBuffer in) throws FrameException {
    int position = in.position();
    int limit = in.limit();
    if (position == limit) {
      return 0;
    }
    int length = decoder().scan(in);
    if (in.position() != position || in.limit() != limit) {
      in.limit(limit).position(position);
      throw broken("must leave the buffer as it is", "moved it");
    }
    if (length < 0 || length > limit - position) {
      throw broken("must find frames of 0 to " + (limit - position) + " bytes", "found " + length);
    }
    if (length == 0 && limit - position >= mostBytes(framing)) {
      throw new FrameException(
          "frame must end within "
              + mostBytes(framing)
              + " bytes, but "
              + (limit - position)
              + " came without its end");
    }
    return length;
  }

  /** Takes the first frame away and returns its payload, or null if it is not complete. */
  byte @Nullable [] next(ByteBuffer in) throws FrameException {
    int length = scan(in);
    if (length == 0) {
      return null;
    }
    int offset = decoder().payloadOffset();
    int bytes = decoder().payloadLength();
    if (offset < 0 || bytes < 0 || offset > length - bytes) {
      throw broken("must find payloads within their frame", "found " + offset + " + " + bytes);
    }
    byte[] payload = bytes == 0 ? EMPTY : new byte[bytes];
    in.get(in.position() + offset, payload);
    in.position(in.position() + length);
    return payload;
  }

  /** Made when it is first needed, as many connections are only written to. */
  private FrameDecoder decoder() {
    FrameDecoder mine = decoder;
    if (mine == null) {
      mine = framing.newDecoder();
      if (mine == null) {
        throw broken("must make a decoder", "made none");
      }
      decoder = mine;
    }
    return mine;
  }

  private IllegalStateException broken(String rule, String fact) {
    return new IllegalStateException(
        "decoder of " + framing.getClass().getName() + " " + rule + ", but " + fact);
  }
}
