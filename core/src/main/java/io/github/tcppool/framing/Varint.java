package io.github.tcppool.framing;

import java.nio.ByteBuffer;

/**
 * Messages behind their length as an unsigned number of 7 bits a byte, low bits first, the highest
 * bit of a byte saying that another follows; as Protocol Buffers write delimited messages.
 *
 * <p>The length has at most 32 bits, in at most 5 bytes. Longer ones are refused as soon as their
 * fifth byte is there, so that endless continuation bytes cost nothing. Forms that are longer than
 * necessary (such as 0x80 0x00 for 0) are refused, since no two encodings may mean the same. Empty
 * messages are refused both ways unless {@link #allowEmpty()} is set.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class Varint implements Framing {
  static final Varint DEFAULT = new Varint(DEFAULT_MAX_MESSAGE_BYTES, false);

  private static final int MAX_LENGTH_BYTES = 5;
  private static final int MAX_LAST_BYTE = 0x0F;

  private final int maxMessageBytes;
  private final boolean allowEmpty;

  private Varint(int maxMessageBytes, boolean allowEmpty) {
    this.maxMessageBytes = maxMessageBytes;
    this.allowEmpty = allowEmpty;
  }

  /**
   * The same with another maximum, in bytes; 1 MiB unless set.
   *
   * @throws IllegalArgumentException if it is less than 1 or more than 2147483583
   */
  public Varint withMaxMessageBytes(int maxMessageBytes) {
    return new Varint(Limits.maximum(maxMessageBytes), allowEmpty);
  }

  /** The same, but empty messages pass in both directions; off unless set. */
  public Varint allowEmpty() {
    return new Varint(maxMessageBytes, true);
  }

  @Override
  public int maxMessageBytes() {
    return maxMessageBytes;
  }

  @Override
  public int maxOverheadBytes() {
    int significantBits = Integer.SIZE - Integer.numberOfLeadingZeros(maxMessageBytes);
    return (significantBits + 6) / 7;
  }

  @Override
  public boolean revealsTruncation() {
    return true;
  }

  @Override
  public void check(byte[] message, int offset, int length) {
    Limits.checkRange(message, offset, length);
    Limits.checkMessage(length, maxMessageBytes, allowEmpty);
  }

  @Override
  public void putHeader(byte[] message, int offset, int length, ByteBuffer out) {
    int rest = length;
    while (rest > 0x7F) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  @Override
  public void putTrailer(byte[] message, int offset, int length, ByteBuffer out) {}

  @Override
  public FrameDecoder newDecoder() {
    return new Decoder();
  }

  @Override
  public String toString() {
    return "varint, at most " + maxMessageBytes + " bytes";
  }

  private final class Decoder extends BaseDecoder {
    @Override
    public int scan(ByteBuffer in) throws FrameException {
      int start = in.position();
      int available = in.remaining();
      long value = 0;
      for (int i = 0; i < available; i++) {
        byte b = in.get(start + i);
        checkByte(b, i);
        value |= (b & 0x7FL) << (7 * i);
        if (b >= 0) {
          int payload = Limits.checkAnnounced(value, maxMessageBytes, allowEmpty);
          return foundIfWhole(i + 1, payload, 0, available);
        }
      }
      return 0;
    }

    private void checkByte(byte b, int index) throws FrameException {
      if (index == MAX_LENGTH_BYTES - 1 && (b & 0xFF) > MAX_LAST_BYTE) {
        throw new FrameException(
            "length must fit in 32 bits (fifth byte at most 0x0F), but fifth byte was "
                + Limits.hex(b));
      }
      if (index > 0 && b == 0) {
        throw new FrameException(
            "length must have its shortest form, but byte " + (index + 1) + " of it was 0x00");
      }
    }
  }
}
