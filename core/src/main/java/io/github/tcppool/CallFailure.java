package io.github.tcppool;

import java.util.Optional;

/**
 * What every exception of a pool's call can tell: how far the message got.
 *
 * <p>All implementations are {@link java.io.IOException}s that code written for {@link
 * java.net.Socket} already catches:
 *
 * <ul>
 *   <li>{@link CallTimeoutException}: the deadline passed, or a timeout inside it
 *   <li>{@link CallInterruptedException}: the calling thread was interrupted while it waited
 *   <li>{@link ConnectFailedException}: no connection could be made within the attempts allowed
 *   <li>{@link SendFailedException}: the message could not be written whole
 *   <li>{@link ReplyFailedException}: the message was written, its reply did not come whole
 *   <li>{@link PoolExhaustedException}: too many callers wait already
 *   <li>{@link PoolClosedException}: the pool is closed
 * </ul>
 */
public interface CallFailure {

  /** What is known, as one value. */
  FailureDetails details();

  /** Whether the message can have reached the peer. */
  default Outcome outcome() {
    return details().outcome();
  }

  /**
   * How many bytes of the frame the kernel took in the last attempt, header and trailer included.
   */
  default long bytesWritten() {
    return details().bytesWritten();
  }

  /**
   * How many attempts the call made: connections on which it began to write, and dials it saw fail.
   */
  default int attempts() {
    return details().attempts();
  }

  /** The endpoint of the last attempt; empty if no connection was ever obtained. */
  default Optional<Endpoint> endpoint() {
    return Optional.ofNullable(details().endpoint());
  }
}
