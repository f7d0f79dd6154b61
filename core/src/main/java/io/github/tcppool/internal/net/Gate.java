package io.github.tcppool.internal.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Where one thread waits until a channel can go on in one direction, until the deadline, or until
 * it is interrupted. The channel stays open in every case.
 *
 * <p>One thread at a time may wait; any thread may close. No close is missed: the waiter publishes
 * its selector, then looks at {@code closed}; a closer sets {@code closed}, then looks for a
 * selector.
 */
final class Gate {

  private static final AtomicReferenceFieldUpdater<Gate, @Nullable Selector> SELECTOR =
      AtomicReferenceFieldUpdater.newUpdater(Gate.class, Selector.class, "selector");

  private final SocketChannel channel;

  /** Whoever takes it out by one atomic step, to give it back or to close it, is the only one. */
  private volatile @Nullable Selector selector;

  private volatile boolean closed;

  /** The key of the selector. Touched only by the thread that waits or lets go. */
  private @Nullable SelectionKey key;

  Gate(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits until the channel is ready for {@code operation}; may also return early.
   *
   * @param deadlineNanos in {@code System.nanoTime()}, or {@code Long.MAX_VALUE} for none
   * @throws SocketTimeoutException when the deadline has passed
   * @throws InterruptedIOException when the thread is interrupted; the flag stays set
   * @throws SocketException when the channel is closed
   */
  void await(int operation, long deadlineNanos, String timeoutMessage) throws IOException {
    long millis = 0;
    if (deadlineNanos != Long.MAX_VALUE) {
      long left = deadlineNanos - System.nanoTime();
      if (left <= 0) {
        throw new SocketTimeoutException(timeoutMessage);
      }
      millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(left + 999_999));
    }
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted();
    }
    try {
      Selector open = selector();
      if (!closed) {
        register(open, operation);
        int unused = open.select(Gate::ignore, millis);
      }
    } catch (ClosedChannelException | ClosedSelectorException | CancelledKeyException e) {
      closed = true;
    }
    if (closed) {
      closeSelector(); // whoever closed may have looked before there was one
      throw TcpChannel.socketClosed();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted();
    }
  }

  private static void ignore(SelectionKey ready) {
    // the caller tries again and sees for itself
  }

  private static InterruptedIOException interrupted() {
    return new InterruptedIOException("interrupted while waiting for the peer");
  }

  private Selector selector() throws IOException {
    Selector open = selector;
    if (open == null) {
      open = Selectors.SHARED.take();
      key = null;
      selector = open;
    }
    return open;
  }

  private void register(Selector open, int operation) throws IOException {
    SelectionKey registered = key;
    if (registered == null) {
      key = channel.register(open, operation);
    } else if (registered.interestOps() != operation) {
      registered.interestOps(operation);
    }
  }

  /** Lets go of the selector. Only while nobody waits. */
  void relax() {
    Selector open = SELECTOR.getAndSet(this, null);
    SelectionKey registered = key;
    if (open == null) {
      return;
    }
    key = null;
    try {
      if (registered != null) {
        registered.cancel();
        open.selectNow();
      }
      Selectors.SHARED.give(open);
    } catch (IOException | ClosedSelectorException e) {
      closeQuietly(open);
    }
  }

  /**
   * Wakes the waiter and closes the selector, which lets go of the channel. After the channel was
   * closed; from any thread.
   */
  void close() {
    closed = true;
    closeSelector();
  }

  private void closeSelector() {
    Selector open = SELECTOR.getAndSet(this, null);
    if (open != null) {
      closeQuietly(open);
    }
  }

  private static void closeQuietly(Selector open) {
    try {
      open.close();
    } catch (IOException e) {
      // nothing is left that could be done with it
    }
  }
}
