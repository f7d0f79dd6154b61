package io.github.tcppool.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What moves bytes between the buffers of a channel and its socket, without waiting: the socket
 * itself, or TLS over it. One thread at a time may read and one may write.
 */
interface Layer {

  /** Reads what has arrived: the number of bytes, 0 for none yet, -1 at the end of the stream. */
  int read(ByteBuffer target) throws IOException;

  /**
   * Hands to the kernel what it takes. Moves the source over what the kernel has taken and the peer
   * can make sense of: so a record that was handed over in part does not count. After that the
   * caller must go on with the bytes at the source's position, or end the connection. Where it
   * fails, {@link #takenBeforeFailure()} tells how far it had come.
   */
  int write(ByteBuffer source) throws IOException;

  /** What the last write, which failed, would have returned for what it did before. */
  default int takenBeforeFailure() {
    return 0;
  }

  /** Bytes of the source of the last write that are in a record handed over in part, or 0. */
  default int tornBytes() {
    return 0;
  }

  /**
   * Lets the next write begin behind the {@link #tornBytes()}, which it sends first: for a writer
   * who was told that they are written.
   */
  default void keepTorn() {
    // nothing is ever torn
  }

  /**
   * Whether there are whole records, or an end that the peer has said, to be had without asking the
   * kernel. Never after a read has found nothing. For the reader.
   */
  default boolean hasBuffered() {
    return false;
  }

  /** Whether the stream ended in a way that may have cut it short. For the reader. */
  default boolean isCutShort() {
    return false;
  }

  /** Says to the peer that nothing more follows. False if the kernel has not taken that yet. */
  default boolean sayEnd() throws IOException {
    return true;
  }

  /** Lets go of buffers that hold nothing. Only while nobody reads or writes. */
  default void relax() {
    // holds none
  }
}
