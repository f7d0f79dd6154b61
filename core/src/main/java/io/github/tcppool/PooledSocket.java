package io.github.tcppool;

import java.io.IOException;
import java.net.SocketException;

/**
 * A {@link java.net.Socket} lent by a pool: {@link #close()} gives its connection back.
 *
 * <p>What close does with the connection depends on its state. It is kept for the next caller if
 * nothing failed on it, neither side was shut down, no read or write was interrupted or timed out,
 * and no bytes are left unread; otherwise it is closed. Options that the borrower changed are put
 * back. A reply that is still on its way cannot be seen: whoever does not want to read it must call
 * {@link #discard()}, or the next owner gets it. Closing twice is allowed and does nothing; every
 * other use after close throws {@link SocketException}.
 *
 * <p>Threads: one may read while another writes; {@code close} and {@code discard} may come from
 * any thread and wake both with a {@code SocketException}. An interrupt wakes the interrupted
 * thread with {@link java.io.InterruptedIOException} and leaves the connection open, so that the
 * owner may go on with it.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing here may wait for a monitor
public abstract class PooledSocket extends DeadlineSocket {

  /** For the pool. */
  protected PooledSocket() throws SocketException {}

  /** The endpoint this socket is connected to. */
  public abstract Endpoint endpoint();

  /**
   * Closes the connection instead of giving it back: the borrower knows that it is not fit for
   * anyone else. Does nothing after {@code close} or {@code discard}.
   */
  public abstract void discard();

  /**
   * Gives the connection back to the pool. Never waits for the peer. Does nothing the second time.
   */
  @Override
  public abstract void close() throws IOException;
}
