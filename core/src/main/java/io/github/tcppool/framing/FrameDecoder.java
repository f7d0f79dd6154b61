package io.github.tcppool.framing;

import java.nio.ByteBuffer;

/**
 * Finds whole frames in the bytes read from one connection.
 *
 * <p>A decoder belongs to one stream of bytes and is used by one thread at a time. It may keep its
 * scan position between calls, so that a frame that arrives byte by byte costs time linear in its
 * length; it never allocates in proportion to a length that a peer merely announced.
 */
public interface FrameDecoder {

  /**
   * Looks for the first whole frame in the unread bytes of {@code in}, from its position to its
   * limit.
   *
   * <p>Neither position, limit nor content of {@code in} changes. As long as the answer is 0, the
   * next call gets the same bytes again with more behind them (perhaps in another buffer, at
   * another position). After a positive answer the caller takes that many bytes away, and the next
   * call starts at the next frame.
   *
   * @return the length of the frame in bytes, header and trailer included, or 0 if it is not
   *     complete yet
   * @throws FrameException if the bytes break the framing; the stream is then unusable
   */
  int scan(ByteBuffer in) throws FrameException;

  /**
   * Where the payload of the frame found last begins, in bytes after the position of the buffer.
   */
  int payloadOffset();

  /** How many bytes the payload of the frame found last has. */
  int payloadLength();
}
