package io.github.tcppool.framing;

import java.nio.ByteBuffer;

/**
 * Lines of text that end in LF.
 *
 * <p>When sending, a message that ends in LF or CR LF counts as terminated already, and goes out as
 * it is; any other gets an LF. CR and LF inside a message are refused, because the peer would read
 * two messages. When reading, LF ends a line, and one CR before it is taken away.
 *
 * <p>Sizes count bytes, not characters, without the end of the line. Empty lines are refused both
 * ways unless {@link #allowEmpty()} is set.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class Lines implements Framing {
  static final Lines DEFAULT = new Lines(DEFAULT_MAX_MESSAGE_BYTES, false, false, false);

  private static final byte NUL = 0;
  private static final byte LF = '\n';
  private static final byte CR = '\r';

  private final int maxMessageBytes;
  private final boolean allowEmpty;
  private final boolean checkUtf8;
  private final boolean refuseControls;

  private Lines(
      int maxMessageBytes, boolean allowEmpty, boolean checkUtf8, boolean refuseControls) {
    this.maxMessageBytes = maxMessageBytes;
    this.allowEmpty = allowEmpty;
    this.checkUtf8 = checkUtf8;
    this.refuseControls = refuseControls;
  }

  /**
   * The same with another maximum, in bytes; 1 MiB unless set.
   *
   * @throws IllegalArgumentException if it is less than 1 or more than 2147483583
   */
  public Lines withMaxMessageBytes(int maxMessageBytes) {
    return new Lines(Limits.maximum(maxMessageBytes), allowEmpty, checkUtf8, refuseControls);
  }

  /** The same, but empty lines pass in both directions; off unless set. */
  public Lines allowEmpty() {
    return new Lines(maxMessageBytes, true, checkUtf8, refuseControls);
  }

  /** The same, but lines that are not well-formed UTF-8 are refused both ways; off unless set. */
  public Lines withUtf8Check() {
    return new Lines(maxMessageBytes, allowEmpty, true, refuseControls);
  }

  /**
   * The same, but NUL, and CR that is not followed by LF, are refused both ways; off unless set.
   *
   * <p>Programs disagree about both: one ends a string where another goes on. (CR inside a message
   * to be sent is refused in any case.)
   */
  public Lines withoutNulOrBareCr() {
    return new Lines(maxMessageBytes, allowEmpty, checkUtf8, true);
  }

  @Override
  public int maxMessageBytes() {
    return maxMessageBytes;
  }

  @Override
  public int maxOverheadBytes() {
    return 2;
  }

  @Override
  public boolean revealsTruncation() {
    return false;
  }

  @Override
  public void check(byte[] message, int offset, int length) {
    Limits.checkRange(message, offset, length);
    int payloadLength = length - terminatorLength(message, offset, length);
    Limits.checkMessage(payloadLength, maxMessageBytes, allowEmpty);
    int utf8 = Utf8.COMPLETE;
    for (int i = 0; i < payloadLength; i++) {
      byte b = message[offset + i];
      if (b == LF || b == CR || (refuseControls && b == NUL)) {
        throw new IllegalArgumentException(
            "line must not contain " + name(b) + ", but byte " + i + " of the message is one");
      }
      if (checkUtf8) {
        utf8 = Utf8.next(utf8, b);
        if (utf8 == Utf8.MALFORMED) {
          throw new IllegalArgumentException(malformed(b, i));
        }
      }
    }
    if (utf8 != Utf8.COMPLETE) {
      throw new IllegalArgumentException("line must be UTF-8, but it ends within a character");
    }
  }

  @Override
  public void putHeader(byte[] message, int offset, int length, ByteBuffer out) {}

  @Override
  public void putTrailer(byte[] message, int offset, int length, ByteBuffer out) {
    if (terminatorLength(message, offset, length) == 0) {
      out.put(LF);
    }
  }

  @Override
  public FrameDecoder newDecoder() {
    return new Decoder();
  }

  @Override
  public String toString() {
    return "lines, at most " + maxMessageBytes + " bytes";
  }

  private static int terminatorLength(byte[] message, int offset, int length) {
    int end = offset + length;
    if (length == 0 || message[end - 1] != LF) {
      return 0;
    }
    return length > 1 && message[end - 2] == CR ? 2 : 1;
  }

  private static String name(byte b) {
    return b == LF ? "LF" : b == CR ? "CR" : "NUL";
  }

  private static String malformed(byte b, int index) {
    return "line must be UTF-8, but byte " + index + " is " + Limits.hex(b);
  }

  private final class Decoder extends BaseDecoder {
    private int scanned;
    private int utf8 = Utf8.COMPLETE;

    @Override
    public int scan(ByteBuffer in) throws FrameException {
      int start = in.position();
      // A line of the greatest length ends here at the latest, with CR and LF.
      int end = Math.min(in.remaining(), maxMessageBytes + 2);
      int state = utf8;
      for (int i = scanned; i < end; i++) {
        byte b = in.get(start + i);
        if (refuseControls) {
          refuseControl(b, i > 0 && in.get(start + i - 1) == CR, i);
        }
        if (checkUtf8) {
          state = Utf8.next(state, b);
          if (state == Utf8.MALFORMED) {
            throw new FrameException(malformed(b, i));
          }
        }
        if (b == LF) {
          return ended(in, start, i);
        }
      }
      checkLength(end - carriageReturnBefore(in, start, end), end);
      scanned = end;
      utf8 = state;
      return 0;
    }

    private int ended(ByteBuffer in, int start, int length) throws FrameException {
      int carriageReturn = carriageReturnBefore(in, start, length);
      int payload = length - carriageReturn;
      checkLength(payload, payload);
      if (payload == 0) {
        Limits.checkReceived(allowEmpty);
      }
      scanned = 0;
      utf8 = Utf8.COMPLETE;
      return found(0, payload, carriageReturn + 1);
    }

    private int carriageReturnBefore(ByteBuffer in, int start, int length) {
      return length > 0 && in.get(start + length - 1) == CR ? 1 : 0;
    }

    private void checkLength(int payload, int received) throws FrameException {
      if (payload > maxMessageBytes) {
        throw Limits.unterminated(maxMessageBytes, received);
      }
    }

    private void refuseControl(byte b, boolean afterCr, int index) throws FrameException {
      if (b == NUL) {
        throw new FrameException("line must not contain NUL, but byte " + index + " is one");
      }
      if (afterCr && b != LF) {
        throw new FrameException(
            "CR must be followed by LF, but byte " + index + " is " + Limits.hex(b));
      }
    }
  }
}
