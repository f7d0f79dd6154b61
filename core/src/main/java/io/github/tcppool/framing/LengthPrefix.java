package io.github.tcppool.framing;

import java.nio.ByteBuffer;

/**
 * Messages behind a length of 1, 2, 4 or 8 bytes.
 *
 * <p>The length is unsigned, big endian, and counts the bytes behind it, unless {@link
 * #littleEndian()} or {@link #lengthIncludesHeader()} is set. A length of 8 bytes with the highest
 * bit set is refused. Empty messages are refused both ways unless {@link #allowEmpty()} is set.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class LengthPrefix implements Framing {
  private final int lengthBytes;
  private final boolean littleEndian;
  private final boolean includesHeader;
  private final int maxMessageBytes;
  private final boolean allowEmpty;

  private LengthPrefix(
      int lengthBytes,
      boolean littleEndian,
      boolean includesHeader,
      int maxMessageBytes,
      boolean allowEmpty) {
    this.lengthBytes = lengthBytes;
    this.littleEndian = littleEndian;
    this.includesHeader = includesHeader;
    this.maxMessageBytes = maxMessageBytes;
    this.allowEmpty = allowEmpty;
  }

  static LengthPrefix of(int lengthBytes) {
    if (lengthBytes != 1 && lengthBytes != 2 && lengthBytes != 4 && lengthBytes != 8) {
      throw new IllegalArgumentException(
          "lengthBytes must be 1, 2, 4 or 8, but was " + lengthBytes);
    }
    int max = Math.min(DEFAULT_MAX_MESSAGE_BYTES, capacity(lengthBytes, false));
    return new LengthPrefix(lengthBytes, false, false, max, false);
  }

  /**
   * The same with another maximum, in bytes; unless set, it is 1 MiB, or what the length can say if
   * that is less (255 and 65535 for a length of 1 and 2 bytes).
   *
   * @throws IllegalArgumentException if it is less than 1, or more than 2147483583 or the length
   *     can say
   */
  public LengthPrefix withMaxMessageBytes(int maxMessageBytes) {
    int max = Limits.maximum(maxMessageBytes, capacity(lengthBytes, includesHeader));
    return new LengthPrefix(lengthBytes, littleEndian, includesHeader, max, allowEmpty);
  }

  /** The same, but the lowest byte of the length comes first. */
  public LengthPrefix littleEndian() {
    return new LengthPrefix(lengthBytes, true, includesHeader, maxMessageBytes, allowEmpty);
  }

  /**
   * The same, but the length counts its own bytes too.
   *
   * <p>A length of 1 or 2 bytes then leaves room for 254 or 65533 bytes; a maximum that was all the
   * length could say stays so.
   *
   * @throws IllegalArgumentException if a maximum set before is one that the length cannot say now
   */
  public LengthPrefix lengthIncludesHeader() {
    int capacity = capacity(lengthBytes, true);
    boolean wasAll = maxMessageBytes == capacity(lengthBytes, false);
    int max = wasAll ? capacity : Limits.maximum(maxMessageBytes, capacity);
    return new LengthPrefix(lengthBytes, littleEndian, true, max, allowEmpty);
  }

  /** The same, but empty messages pass in both directions; off unless set. */
  public LengthPrefix allowEmpty() {
    return new LengthPrefix(lengthBytes, littleEndian, includesHeader, maxMessageBytes, true);
  }

  @Override
  public int maxMessageBytes() {
    return maxMessageBytes;
  }

  @Override
  public int maxOverheadBytes() {
    return lengthBytes;
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
    // Byte by byte, so that the byte order of the caller's buffer does not matter.
    long value = (long) length + counted();
    for (int i = 0; i < lengthBytes; i++) {
      out.put((byte) (value >>> shift(i)));
    }
  }

  @Override
  public void putTrailer(byte[] message, int offset, int length, ByteBuffer out) {}

  @Override
  public FrameDecoder newDecoder() {
    return new Decoder();
  }

  @Override
  public String toString() {
    return "lengthPrefix("
        + lengthBytes
        + (littleEndian ? ", little endian" : ", big endian")
        + (includesHeader ? ", length includes header" : "")
        + "), at most "
        + maxMessageBytes
        + " bytes";
  }

  /** The longest message that a length of so many bytes can announce. */
  private static int capacity(int lengthBytes, boolean includesHeader) {
    long highest = lengthBytes < 4 ? (1L << (8 * lengthBytes)) - 1 : Integer.MAX_VALUE;
    long capacity = includesHeader ? highest - lengthBytes : highest;
    return (int) Math.min(capacity, Limits.HIGHEST_MAXIMUM);
  }

  /** How many bytes of its own the length counts. */
  private int counted() {
    return includesHeader ? lengthBytes : 0;
  }

  private int shift(int index) {
    return 8 * (littleEndian ? index : lengthBytes - 1 - index);
  }

  private final class Decoder extends BaseDecoder {
    @Override
    public int scan(ByteBuffer in) throws FrameException {
      if (in.remaining() < lengthBytes) {
        return 0;
      }
      int payload = payloadBytes(announced(in));
      return foundIfWhole(lengthBytes, payload, 0, in.remaining());
    }

    /**
     * The length as it stands in the header; shorter ones are unsigned, 8 bytes may go negative.
     */
    private long announced(ByteBuffer in) {
      int start = in.position();
      long value = 0;
      for (int i = 0; i < lengthBytes; i++) {
        value |= (in.get(start + i) & 0xFFL) << shift(i);
      }
      return value;
    }

    private int payloadBytes(long announced) throws FrameException {
      if (announced >= 0 && announced < counted()) {
        throw new FrameException(
            "announced length must be at least "
                + lengthBytes
                + " since it includes its own bytes, but was "
                + announced);
      }
      // A negative length stays one: subtracting first could turn the lowest into a positive one.
      long payload = announced < 0 ? announced : Math.addExact(announced, -counted());
      return Limits.checkAnnounced(payload, maxMessageBytes, allowEmpty);
    }
  }
}
