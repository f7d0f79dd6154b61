package io.github.tcppool.internal.outbox;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.PoolOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What an outbox asks of the pool: a connection, and writing to it. Called by whoever has the turn,
 * without any lock held.
 *
 * @param <C> the kind of connection
 */
public interface Carrier<C> {

  /** An idle connection, fit a moment ago, or null; never waits. */
  @Nullable C tryTake();

  /** A connection, waiting for one until the deadline. */
  C take(long deadlineNanos) throws IOException;

  /** Bytes that the kernel has ever taken on this connection. */
  long written(C connection);

  /**
   * Writes what the kernel takes without waiting, or all of it where {@code mayWait}, up to the
   * write timeout. True if nothing is left in the buffer.
   */
  boolean write(C connection, ByteBuffer frames, boolean mayWait) throws IOException;

  /** Writes one message with what the framing puts around it, waiting up to the write timeout. */
  void write(C connection, byte[] message) throws IOException;

  /** Ends the use of a connection on which {@code messages} were written whole. */
  void giveBack(C connection, int messages);

  /** Ends the use of a connection on which a write failed. */
  void discard(C connection, boolean torn, IOException cause);

  /** As {@link #discard}, where the peer is not to blame. */
  void abandon(C connection, CloseReason reason);

  /** Where it leads. */
  Endpoint endpoint(C connection);

  /** The pool's options as they stand. */
  PoolOptions options();
}
