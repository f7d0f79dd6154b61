package io.github.tcppool.framing;

import java.nio.ByteBuffer;

/**
 * Messages that all have the same number of bytes, with nothing around them.
 *
 * <p>A message of any other size is refused when it is sent; nothing is padded. The size is also
 * the maximum. A peer sees that a frame was cut off, since bytes are missing at the end of the
 * stream.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class Fixed implements Framing {
  private final int bytes;

  private Fixed(int bytes) {
    this.bytes = bytes;
  }

  static Fixed of(int bytes) {
    return new Fixed(Limits.within("bytes", bytes, Limits.HIGHEST_MAXIMUM));
  }

  /**
   * The same, once it is sure that the fixed size is within the given maximum, in bytes.
   *
   * <p>For programs that set one maximum for whichever framing they were configured with. {@link
   * #maxMessageBytes()} stays the fixed size: no message is longer than that.
   *
   * @throws IllegalArgumentException if it is less than the fixed size or more than 2147483583
   */
  public Fixed withMaxMessageBytes(int maxMessageBytes) {
    Limits.maximum(maxMessageBytes);
    if (maxMessageBytes < bytes) {
      throw new IllegalArgumentException(
          "maxMessageBytes must be at least the fixed size of "
              + bytes
              + ", but was "
              + maxMessageBytes);
    }
    return this;
  }

  @Override
  public int maxMessageBytes() {
    return bytes;
  }

  @Override
  public int maxOverheadBytes() {
    return 0;
  }

  @Override
  public boolean revealsTruncation() {
    return true;
  }

  @Override
  public void check(byte[] message, int offset, int length) {
    Limits.checkRange(message, offset, length);
    if (length != bytes) {
      throw new IllegalArgumentException(
          "message must be exactly " + bytes + " bytes, but was " + length);
    }
  }

  @Override
  public void putHeader(byte[] message, int offset, int length, ByteBuffer out) {}

  @Override
  public void putTrailer(byte[] message, int offset, int length, ByteBuffer out) {}

  @Override
  public FrameDecoder newDecoder() {
    return new Decoder();
  }

  @Override
  public String toString() {
    return "fixed(" + bytes + ")";
  }

  private final class Decoder extends BaseDecoder {
    @Override
    public int scan(ByteBuffer in) {
      return foundIfWhole(0, bytes, 0, in.remaining());
    }
  }
}
