package io.github.tcppool.framing;

import java.nio.ByteBuffer;

/**
 * No framing: the bytes of a message go out as they are, and what comes in is handed over as it
 * comes.
 *
 * <p>What is read has no message boundaries: one message of the peer may arrive in several pieces,
 * or several in one. An empty message is allowed and writes nothing. The maximum is 64 MiB unless
 * set, more than other formats have, since nothing is kept in memory to wait for its end; a piece
 * that is read is never longer than the maximum either.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class None implements Framing {
  static final None INSTANCE = new None(64 << 20);

  private final int maxMessageBytes;

  private None(int maxMessageBytes) {
    this.maxMessageBytes = maxMessageBytes;
  }

  /**
   * The same with another maximum, in bytes; 64 MiB unless set.
   *
   * @throws IllegalArgumentException if it is less than 1 or more than 2147483583
   */
  public None withMaxMessageBytes(int maxMessageBytes) {
    return new None(Limits.maximum(maxMessageBytes));
  }

  @Override
  public int maxMessageBytes() {
    return maxMessageBytes;
  }

  @Override
  public int maxOverheadBytes() {
    return 0;
  }

  @Override
  public boolean revealsTruncation() {
    return false;
  }

  @Override
  public void check(byte[] message, int offset, int length) {
    Limits.checkRange(message, offset, length);
    Limits.checkMessage(length, maxMessageBytes, true);
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
    return "none, at most " + maxMessageBytes + " bytes";
  }

  private final class Decoder extends BaseDecoder {
    @Override
    public int scan(ByteBuffer in) {
      return found(0, Math.min(in.remaining(), maxMessageBytes), 0);
    }
  }
}
