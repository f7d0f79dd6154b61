package io.github.tcppool.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One thread that waits for many channels and says which of them may go on.
 *
 * <p>It does no I/O itself. A connection's own thread tries to read or write, and when the kernel
 * would block it arms its key and waits on a condition until the loop calls it. One selector for
 * all connections keeps the cost at one file descriptor for each, so that a test can hold
 * thousands.
 *
 * <p>Safe for use by any thread. The thread is a daemon and ends on {@link #close()}.
 */
final class Loop implements AutoCloseable {
  private static final long FLUSH_LIMIT_NANOS = Duration.ofSeconds(2).toNanos();

  private final Selector selector;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition flushed = lock.newCondition();

  /** How many flushes were asked for; written under the lock. */
  private volatile long requested;

  /** How many of them are done; written under the lock by the loop's thread alone. */
  private volatile long completed;

  private volatile boolean closed;

  private Loop(Selector selector, String name) {
    this.selector = selector;
    this.thread = new Thread(this::run, name);
    this.thread.setDaemon(true);
  }

  static Loop start(String name) {
    try {
      Loop loop = new Loop(Selector.open(), name);
      loop.thread.start();
      return loop;
    } catch (IOException e) {
      throw new UncheckedIOException("no selector", e);
    }
  }

  /**
   * Adds a channel with nothing armed; {@code onReady} runs on the loop's thread, so keep it short.
   */
  SelectionKey register(SelectableChannel channel, Runnable onReady) throws IOException {
    try {
      return channel.register(selector, 0, onReady);
    } catch (ClosedSelectorException e) {
      throw new IOException("closed", e);
    }
  }

  /** Asks to be told once, as soon as {@code op} is possible. */
  void arm(SelectionKey key, int op) {
    try {
      key.interestOpsOr(op);
      selector.wakeup();
    } catch (CancelledKeyException | ClosedSelectorException e) {
      // The channel is closed, and whoever closed it wakes the waiter.
    }
  }

  /** Makes the loop let go of closed channels soon. */
  void nudge() {
    selector.wakeup();
  }

  /**
   * Waits until every channel closed before this call has really left the kernel's hands.
   *
   * <p>Closing a channel that is registered sends nothing until the selector lets go of it. After
   * this call the FIN or RST is on its way.
   */
  void flush() {
    if (Thread.currentThread() == thread) {
      return;
    }
    lock.lock();
    try {
      long ticket = requested + 1;
      requested = ticket;
      selector.wakeup();
      long left = FLUSH_LIMIT_NANOS;
      while (completed < ticket && !closed && left > 0) {
        left = flushed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (!closed) {
        long seen = requested;
        if (seen == completed) {
          selector.select();
        } else {
          selector.selectNow();
        }
        for (SelectionKey key : selector.selectedKeys()) {
          dispatch(key);
        }
        selector.selectedKeys().clear();
        complete(seen);
      }
    } catch (ClosedSelectorException | IOException e) {
      closed = true;
    }
  }

  private static void dispatch(SelectionKey key) {
    try {
      key.interestOpsAnd(~key.readyOps());
    } catch (CancelledKeyException e) {
      // Closed meanwhile; its waiter still has to look.
    }
    if (key.attachment() instanceof Runnable onReady) {
      onReady.run();
    }
  }

  private void complete(long seen) {
    if (seen == completed) {
      return;
    }
    lock.lock();
    try {
      completed = seen;
      flushed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      selector.close();
      thread.join(Duration.ofSeconds(2).toMillis());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
