package io.github.tcppool.internal.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who may read from a socket, or write to it. To wait for one's turn is to wait for the peer, whom
 * the one inside waits for: so it ends at a deadline and by an interrupt as well.
 */
public final class Turn {

  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Takes the turn.
   *
   * @param deadlineNanos in {@code System.nanoTime()}, or {@code Long.MAX_VALUE} for none
   * @throws SocketTimeoutException when the deadline has passed
   * @throws InterruptedIOException when the thread is interrupted; the flag stays set
   */
  public void take(long deadlineNanos, String timeoutMessage) throws IOException {
    if (lock.tryLock()) {
      return;
    }
    try {
      if (deadlineNanos == Long.MAX_VALUE) {
        lock.lockInterruptibly();
      } else if (!lock.tryLock(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new SocketTimeoutException(timeoutMessage);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another thread had its turn");
    }
  }

  /** Takes the turn from one who is about to give it up. */
  public void takeSoon() {
    lock.lock();
  }

  /** Takes the turn if nobody has it. */
  public boolean takeIfFree() {
    return lock.tryLock();
  }

  /** Gives the turn to the next one. */
  public void giveUp() {
    lock.unlock();
  }
}
