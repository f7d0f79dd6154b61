package io.github.tcppool.framing;

import java.nio.ByteBuffer;

/**
 * How messages are told apart in a stream of bytes: what goes around a message when it is sent, and
 * where a frame ends when it is read.
 *
 * <p>A <em>message</em> is what a caller hands over; a <em>frame</em> is the message as it stands
 * on the wire, with its header or trailer. Every framing has a maximum, checked before anything is
 * allocated or written.
 *
 * <p>Implementations are immutable and safe for use by any number of threads; the state of reading
 * lives in the {@link FrameDecoder}. Users may write their own: {@code putHeader} and {@code
 * putTrailer} for sending, a decoder for reading. They must not block. What they throw, and wrong
 * answers of a decoder, cost the connection that was being used and reach the caller who used it.
 */
public interface Framing {

  /** The default maximum of a message, 1 MiB. */
  int DEFAULT_MAX_MESSAGE_BYTES = 1 << 20;

  /** The most bytes that header and trailer of one message may have together. */
  int MAX_OVERHEAD_BYTES = 64;

  /**
   * No framing: a message is written as it is, and what is read arrives in pieces of no particular
   * size; at most 64 MiB each.
   */
  static None none() {
    return None.INSTANCE;
  }

  /** Lines that end in LF; a CR before it is taken away when reading. At most 1 MiB each. */
  static Lines lines() {
    return Lines.DEFAULT;
  }

  /**
   * Messages that end in the given bytes, at most 1 MiB each.
   *
   * @throws IllegalArgumentException if the delimiter is empty or longer than 16 bytes
   */
  static Delimiter delimiter(byte... delimiter) {
    return Delimiter.of(delimiter);
  }

  /**
   * A length of 1, 2, 4 or 8 bytes, big endian, that counts the bytes behind it; at most 1 MiB
   * each, or as much as the length can say.
   *
   * @throws IllegalArgumentException if {@code lengthBytes} is none of 1, 2, 4, 8
   */
  static LengthPrefix lengthPrefix(int lengthBytes) {
    return LengthPrefix.of(lengthBytes);
  }

  /**
   * A length as an unsigned base-128 number, low bits first (as Protocol Buffers write it); at most
   * 1 MiB each.
   */
  static Varint varint() {
    return Varint.DEFAULT;
  }

  /**
   * Messages of exactly {@code bytes} bytes, with nothing around them.
   *
   * @throws IllegalArgumentException if {@code bytes} is less than 1 or more than 2147483583
   */
  static Fixed fixed(int bytes) {
    return Fixed.of(bytes);
  }

  /** Netstrings, {@code 5:hello,}, as D. J. Bernstein defined them; at most 1 MiB each. */
  static Netstring netstring() {
    return Netstring.DEFAULT;
  }

  /**
   * The most bytes that one message may have, without header and trailer, be the trailer added or
   * brought along; at least 1.
   */
  int maxMessageBytes();

  /**
   * The most bytes that header and trailer of one message have together; 0 to {@link
   * #MAX_OVERHEAD_BYTES}.
   */
  int maxOverheadBytes();

  /**
   * Whether a peer can tell a frame that was cut off from a whole one, so that the message may be
   * sent again on another connection after a part of it was written. True for formats that announce
   * or fix a length, false for those that wait for an end mark or have neither.
   */
  boolean revealsTruncation();

  /**
   * Refuses a message that this framing cannot carry: too long, or with bytes that would end it
   * early.
   *
   * @throws IllegalArgumentException naming the rule and the value
   */
  void check(byte[] message, int offset, int length);

  /** Writes what goes before the message; {@code out} has room for {@link #maxOverheadBytes()}. */
  void putHeader(byte[] message, int offset, int length, ByteBuffer out);

  /**
   * Writes what goes after the message; nothing if the message already ends in its own end mark.
   */
  void putTrailer(byte[] message, int offset, int length, ByteBuffer out);

  /** A new decoder for one stream of bytes. */
  FrameDecoder newDecoder();
}
