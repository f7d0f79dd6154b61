package io.github.tcppool.framing;

import java.nio.ByteBuffer;

/**
 * Netstrings, as D. J. Bernstein defined them: the length in decimal digits, a colon, the message,
 * a comma; {@code 5:hello,}.
 *
 * <p>A length without digits, with a leading zero or with anything but digits is refused, and so is
 * a message that no comma follows. Empty messages are refused both ways unless {@link
 * #allowEmpty()} is set.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class Netstring implements Framing {
  static final Netstring DEFAULT = new Netstring(DEFAULT_MAX_MESSAGE_BYTES, false);

  private final int maxMessageBytes;
  private final boolean allowEmpty;

  private Netstring(int maxMessageBytes, boolean allowEmpty) {
    this.maxMessageBytes = maxMessageBytes;
    this.allowEmpty = allowEmpty;
  }

  /**
   * The same with another maximum, in bytes; 1 MiB unless set.
   *
   * @throws IllegalArgumentException if it is less than 1 or more than 2147483583
   */
  public Netstring withMaxMessageBytes(int maxMessageBytes) {
    return new Netstring(Limits.maximum(maxMessageBytes), allowEmpty);
  }

  /** The same, but empty messages pass in both directions; off unless set. */
  public Netstring allowEmpty() {
    return new Netstring(maxMessageBytes, true);
  }

  @Override
  public int maxMessageBytes() {
    return maxMessageBytes;
  }

  @Override
  public int maxOverheadBytes() {
    int digits = 1;
    for (int rest = maxMessageBytes; rest > 9; rest /= 10) {
      digits++;
    }
    return digits + 2;
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
    int unit = 1;
    while (length / unit > 9) {
      unit *= 10;
    }
    for (; unit > 0; unit /= 10) {
      out.put((byte) ('0' + length / unit % 10));
    }
    out.put((byte) ':');
  }

  @Override
  public void putTrailer(byte[] message, int offset, int length, ByteBuffer out) {
    out.put((byte) ',');
  }

  @Override
  public FrameDecoder newDecoder() {
    return new Decoder();
  }

  @Override
  public String toString() {
    return "netstring, at most " + maxMessageBytes + " bytes";
  }

  private final class Decoder extends BaseDecoder {
    @Override
    public int scan(ByteBuffer in) throws FrameException {
      int start = in.position();
      int available = in.remaining();
      long length = 0;
      for (int i = 0; i < available; i++) {
        byte b = in.get(start + i);
        if (b == ':' && i > 0) {
          return ended(in, i + 1, Limits.checkAnnounced(length, maxMessageBytes, allowEmpty));
        }
        checkDigit(b, i, length);
        length = length * 10 + (b - '0');
        // At every digit: an endless number is refused before it could overflow.
        if (length > maxMessageBytes) {
          throw new FrameException(
              "announced length must be at most "
                  + maxMessageBytes
                  + " bytes, but begins with "
                  + length);
        }
      }
      return 0;
    }

    private void checkDigit(byte b, int index, long before) throws FrameException {
      if (b < '0' || b > '9') {
        throw new FrameException(
            "length must be digits and a colon, but byte " + index + " was " + Limits.hex(b));
      }
      if (index > 0 && before == 0) {
        throw new FrameException(
            "length must not have a leading zero, but had one before " + Limits.hex(b));
      }
    }

    private int ended(ByteBuffer in, int header, int payload) throws FrameException {
      int frame = foundIfWhole(header, payload, 1, in.remaining());
      if (frame > 0) {
        byte last = in.get(in.position() + frame - 1);
        if (last != ',') {
          throw new FrameException(
              "message must be followed by a comma, but was by " + Limits.hex(last));
        }
      }
      return frame;
    }
  }
}
