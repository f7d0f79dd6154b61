package io.github.tcppool.proof.checks;

import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Boundary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What the proofs send: who sent it, which one it is, a checksum over all of it, and filling up to
 * the size wanted. On the wire it stands behind a length of four bytes.
 *
 * @param sender who sent it
 * @param id which one of this sender; never used twice
 * @param bytes the size of the payload, at least {@value #MIN_BYTES}
 */
public record Message(int sender, long id, int bytes) {

  /** A sender whose messages are no part of any history. */
  public static final int ASIDE = 0;

  /** Sender, id and checksum. */
  public static final int MIN_BYTES = 16;

  /** The length in front of a payload. */
  public static final int HEADER_BYTES = 4;

  /** The largest payload. */
  public static final int MAX_BYTES = 1 << 20;

  private static final int CHECKSUM_AT = 12;

  /** Checks the size. */
  public Message {
    if (bytes < MIN_BYTES || bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "bytes must be " + MIN_BYTES + " to " + MAX_BYTES + ", but was " + bytes);
    }
  }

  /** A message of the smallest size. */
  public static Message of(int sender, long id) {
    return new Message(sender, id, MIN_BYTES);
  }

  /** The framing of a pool that sends these. */
  public static Framing framing() {
    return Framing.lengthPrefix(HEADER_BYTES);
  }

  /** The same for a peer of the test kit. */
  public static Boundary boundary() {
    return Boundary.lengthPrefix(HEADER_BYTES);
  }

  /**
   * Whether a server that answers sends this one back. It does not if the sender is below zero, so
   * that one pool can be used both for sends and for exchanges.
   */
  public boolean wantsReply() {
    return sender >= 0;
  }

  /** The payload, without the length in front of it. */
  public byte[] payload() {
    ByteBuffer payload = ByteBuffer.allocate(bytes);
    payload.putInt(sender).putLong(id).putInt(0);
    for (int i = MIN_BYTES; i < bytes; i++) {
      payload.put((byte) (id * 31 + i));
    }
    return payload.putInt(CHECKSUM_AT, checksum(payload.array(), 0, bytes)).array();
  }

  /** The payload with the length in front of it, for whoever writes to a socket. */
  public byte[] frame() {
    return ByteBuffer.allocate(HEADER_BYTES + bytes).putInt(bytes).put(payload()).array();
  }

  /**
   * Reads a payload.
   *
   * @throws IOException if the checksum does not fit: bytes were lost, mixed or changed
   */
  public static Message parse(byte[] from, int offset, int length) throws IOException {
    if (length < MIN_BYTES) {
      throw new IOException("a message has at least " + MIN_BYTES + " bytes, this has " + length);
    }
    ByteBuffer payload = ByteBuffer.wrap(from, offset, length).slice();
    if (payload.getInt(CHECKSUM_AT) != checksum(from, offset, length)) {
      throw new IOException("the checksum of a message of " + length + " bytes does not fit");
    }
    return new Message(payload.getInt(0), payload.getLong(4), length);
  }

  /** Over everything but the checksum itself. */
  private static int checksum(byte[] bytes, int offset, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, offset, CHECKSUM_AT);
    sum.update(bytes, offset + MIN_BYTES, length - MIN_BYTES);
    return (int) sum.getValue();
  }

  @Override
  public String toString() {
    return sender + "/" + id;
  }
}
