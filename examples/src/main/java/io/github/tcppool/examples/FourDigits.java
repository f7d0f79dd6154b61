package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.tcppool.framing.FrameDecoder;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import java.nio.ByteBuffer;

/** A length of four decimal digits, then the message. */
public final class FourDigits implements Framing {
  private static final int DIGITS = 4;

  private final int maxMessageBytes;

  /** A message may have so many bytes, 9,999 at most. */
  public FourDigits(int maxMessageBytes) {
    if (maxMessageBytes < 1 || maxMessageBytes > 9_999) {
      throw new IllegalArgumentException(
          "maxMessageBytes must be 1 to 9999, but was " + maxMessageBytes);
    }
    this.maxMessageBytes = maxMessageBytes;
  }

  @Override
  public int maxMessageBytes() {
    return maxMessageBytes;
  }

  @Override
  public int maxOverheadBytes() {
    return DIGITS;
  }

  @Override
  public boolean revealsTruncation() {
    return true;
  }

  @Override
  public void check(byte[] message, int offset, int length) {
    if (length < 1 || length > maxMessageBytes) {
      throw new IllegalArgumentException(
          "message must have 1 to " + maxMessageBytes + " bytes, but had " + length);
    }
  }

  @Override
  public void putHeader(byte[] message, int offset, int length, ByteBuffer out) {
    out.put(String.format("%04d", length).getBytes(US_ASCII));
  }

  @Override
  public void putTrailer(byte[] message, int offset, int length, ByteBuffer out) {
    // the length in front says it all
  }

  @Override
  public FrameDecoder newDecoder() {
    return new Decoder(maxMessageBytes);
  }

  private static final class Decoder implements FrameDecoder {
    private final int maxMessageBytes;
    private int payloadLength;

    Decoder(int maxMessageBytes) {
      this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public int scan(ByteBuffer in) throws FrameException {
      int length = 0;
      for (int i = 0; i < 4; i++) {
        if (i == in.remaining()) {
          return 0; // not there yet: ask again with more
        }
        int digit = in.get(in.position() + i) - '0'; // absolute get: the buffer stays as it is
        if (digit < 0 || digit > 9) {
          throw new FrameException("length must be four digits");
        }
        length = 10 * length + digit;
      }
      if (length == 0 || length > maxMessageBytes) { // before anything waits for that many bytes
        throw new FrameException("length must be 1 to " + maxMessageBytes + ", but was " + length);
      }
      payloadLength = length;
      return in.remaining() >= 4 + length ? 4 + length : 0;
    }

    @Override
    public int payloadOffset() {
      return DIGITS;
    }

    @Override
    public int payloadLength() {
      return payloadLength;
    }
  }
}
