package io.github.tcppool.framing;

import java.util.Objects;

/** The rules about sizes that all formats share, in one wording for writing and one for reading. */
final class Limits {
  /**
   * The highest maximum: with the largest overhead added, the length of a frame still is an int.
   */
  static final int HIGHEST_MAXIMUM = Integer.MAX_VALUE - Framing.MAX_OVERHEAD_BYTES;

  private Limits() {}

  /** Returns {@code value} if it may be a maximum, or refuses it. */
  static int maximum(int value) {
    return maximum(value, HIGHEST_MAXIMUM);
  }

  static int maximum(int value, int highest) {
    return within("maxMessageBytes", value, highest);
  }

  /**
   * Returns {@code value} if it lies between 1 and {@code highest}, or refuses it under its name.
   */
  static int within(String name, int value, int highest) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but was " + value);
    }
    if (value > highest) {
      throw new IllegalArgumentException(
          name + " must be at most " + highest + ", but was " + value);
    }
    return value;
  }

  /** Refuses a message that is too long, or empty where that is not allowed. */
  static void checkMessage(int payloadLength, int max, boolean allowEmpty) {
    if (payloadLength > max) {
      throw new IllegalArgumentException(
          "message must be at most " + max + " bytes, but was " + payloadLength);
    }
    if (payloadLength == 0 && !allowEmpty) {
      throw new IllegalArgumentException(
          "message must not be empty (allowEmpty() would let it pass), but was 0 bytes");
    }
  }

  /** Refuses a range that does not lie in the array, before its bytes are looked at. */
  static void checkRange(byte[] message, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, message.length);
  }

  /**
   * Returns a length that a peer announced as an int, or refuses it.
   *
   * <p>It stays a long until it has been compared with the maximum: a cast before that would make
   * small numbers of large ones.
   */
  static int checkAnnounced(long payloadLength, int max, boolean allowEmpty) throws FrameException {
    if (payloadLength < 0) {
      throw new FrameException("announced length must not be negative, but was " + payloadLength);
    }
    if (payloadLength > max) {
      throw new FrameException(
          "announced length must be at most " + max + " bytes, but was " + payloadLength);
    }
    if (payloadLength == 0) {
      checkReceived(allowEmpty);
    }
    return (int) payloadLength;
  }

  /** Refuses an empty message from a peer where that is not allowed. */
  static void checkReceived(boolean allowEmpty) throws FrameException {
    // A peer that sends nothing but empty messages would keep its reader busy at no cost to itself.
    if (!allowEmpty) {
      throw new FrameException(
          "received message must not be empty (allowEmpty() would let it pass), but was 0 bytes");
    }
  }

  /** The failure of a stream in which no end mark came within the maximum. */
  static FrameException unterminated(int max, int received) {
    return new FrameException(
        "message must end within " + max + " bytes, but " + received + " came without an end mark");
  }

  /** A byte as error messages show it; text from a peer is never shown. */
  static String hex(byte value) {
    return String.format("0x%02X", value);
  }
}
