package io.github.tcppool.framing;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Messages that end in a given sequence of 1 to 16 bytes.
 *
 * <p>When sending, a message that ends in the delimiter counts as terminated already, and goes out
 * as it is; any other gets the delimiter. A message is refused if the peer would find the delimiter
 * in it earlier, be it inside, or across the end of the message and the beginning of the delimiter
 * behind it. When reading, the first delimiter ends a message, however it is split over reads.
 *
 * <p>Sizes do not count the delimiter. Empty messages are refused both ways unless {@link
 * #allowEmpty()} is set.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class Delimiter implements Framing {
  private static final int MAX_DELIMITER_BYTES = 16;

  private final byte[] delimiter;

  /** After a mismatch behind {@code n} matched bytes, {@code fallback[n - 1]} still match. */
  private final int[] fallback;

  private final int maxMessageBytes;
  private final boolean allowEmpty;

  private Delimiter(byte[] delimiter, int[] fallback, int maxMessageBytes, boolean allowEmpty) {
    this.delimiter = delimiter;
    this.fallback = fallback;
    this.maxMessageBytes = maxMessageBytes;
    this.allowEmpty = allowEmpty;
  }

  static Delimiter of(byte... bytes) {
    if (bytes.length == 0 || bytes.length > MAX_DELIMITER_BYTES) {
      throw new IllegalArgumentException(
          "delimiter must have 1 to " + MAX_DELIMITER_BYTES + " bytes, but had " + bytes.length);
    }
    byte[] delimiter = bytes.clone();
    return new Delimiter(delimiter, fallback(delimiter), DEFAULT_MAX_MESSAGE_BYTES, false);
  }

  /**
   * The same with another maximum, in bytes; 1 MiB unless set.
   *
   * @throws IllegalArgumentException if it is less than 1 or more than 2147483583
   */
  public Delimiter withMaxMessageBytes(int maxMessageBytes) {
    return new Delimiter(delimiter, fallback, Limits.maximum(maxMessageBytes), allowEmpty);
  }

  /** The same, but empty messages pass in both directions; off unless set. */
  public Delimiter allowEmpty() {
    return new Delimiter(delimiter, fallback, maxMessageBytes, true);
  }

  @Override
  public int maxMessageBytes() {
    return maxMessageBytes;
  }

  @Override
  public int maxOverheadBytes() {
    return delimiter.length;
  }

  @Override
  public boolean revealsTruncation() {
    return false;
  }

  @Override
  public void check(byte[] message, int offset, int length) {
    Limits.checkRange(message, offset, length);
    boolean terminated = isTerminated(message, offset, length);
    int payloadLength = terminated ? length - delimiter.length : length;
    Limits.checkMessage(payloadLength, maxMessageBytes, allowEmpty);
    // Reads what the peer will read: the payload and one delimiter, which must match at its end.
    int matched = 0;
    for (int i = 0; i < payloadLength + delimiter.length - 1; i++) {
      byte b = i < payloadLength ? message[offset + i] : delimiter[i - payloadLength];
      matched = next(matched, b);
      if (matched == delimiter.length) {
        throw new IllegalArgumentException(
            "message must not contain its delimiter or run into it, but one begins at byte "
                + (i + 1 - matched)
                + " of "
                + payloadLength);
      }
    }
  }

  @Override
  public void putHeader(byte[] message, int offset, int length, ByteBuffer out) {}

  @Override
  public void putTrailer(byte[] message, int offset, int length, ByteBuffer out) {
    if (!isTerminated(message, offset, length)) {
      out.put(delimiter);
    }
  }

  @Override
  public FrameDecoder newDecoder() {
    return new Decoder();
  }

  @Override
  public String toString() {
    return "delimiter("
        + HexFormat.ofDelimiter(" ").formatHex(delimiter)
        + "), at most "
        + maxMessageBytes
        + " bytes";
  }

  private boolean isTerminated(byte[] message, int offset, int length) {
    int start = offset + length - delimiter.length;
    if (start < offset) {
      return false;
    }
    for (int i = 0; i < delimiter.length; i++) {
      if (message[start + i] != delimiter[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * How many bytes of the delimiter the stream ends in, after one more byte (Knuth, Morris, Pratt).
   *
   * <p>Each byte is looked at once, so neither a split nor a delimiter such as {@code aaab} costs
   * more than linear time.
   */
  private int next(int matched, byte b) {
    int n = matched;
    while (n > 0 && delimiter[n] != b) {
      n = fallback[n - 1];
    }
    return delimiter[n] == b ? n + 1 : 0;
  }

  private static int[] fallback(byte[] delimiter) {
    int[] fallback = new int[delimiter.length];
    int n = 0;
    for (int i = 1; i < delimiter.length; i++) {
      while (n > 0 && delimiter[n] != delimiter[i]) {
        n = fallback[n - 1];
      }
      if (delimiter[n] == delimiter[i]) {
        n++;
      }
      fallback[i] = n;
    }
    return fallback;
  }

  private final class Decoder extends BaseDecoder {
    private int scanned;
    private int matched;

    @Override
    public int scan(ByteBuffer in) throws FrameException {
      int start = in.position();
      int available = in.remaining();
      int n = matched;
      for (int i = scanned; i < available; i++) {
        n = next(n, in.get(start + i));
        int payload = i + 1 - n;
        if (payload > maxMessageBytes) {
          throw Limits.unterminated(maxMessageBytes, payload);
        }
        if (n == delimiter.length) {
          return ended(payload);
        }
      }
      scanned = available;
      matched = n;
      return 0;
    }

    private int ended(int payload) throws FrameException {
      if (payload == 0) {
        Limits.checkReceived(allowEmpty);
      }
      scanned = 0;
      matched = 0;
      return found(0, payload, delimiter.length);
    }
  }
}
