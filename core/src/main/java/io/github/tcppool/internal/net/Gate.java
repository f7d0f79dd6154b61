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
 * <p>One thread at a time may wait; any thread may close, or move the limit. Neither is missed: the
 * waiter publishes its selector, then looks at {@code closed} and {@code limitNanos}; the other one
 * sets them, then looks for a selector.
 */
final class Gate {

  private static final AtomicReferenceFieldUpdater<Gate, @Nullable Selector> SELECTOR =
      AtomicReferenceFieldUpdater.newUpdater(Gate.class, Selector.class, "selector");

  /** Who was reminded within this time will be reminded again. */
  private static final long REMINDED_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

  /** A waiter is woken when less than this is left, and sets an alarm for the rest. */
  private static final long NEAR_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** A deadline that is further away needs no alarm: there will be two reminders before it. */
  private static final long FAR_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final SocketChannel channel;

  /** Whoever takes it out by one atomic step, to give it back or to close it, is the only one. */
  private volatile @Nullable Selector selector;

  private volatile boolean closed;

  /**
   * Bounds whoever waits to read or write, besides the deadline of its own; {@code Long.MAX_VALUE}
   * for none.
   */
  private volatile long limitNanos = Long.MAX_VALUE;

  /** When {@link #remind} was last called; long ago at first. Written by who calls it. */
  private volatile long remindedNanos = System.nanoTime() - REMINDED_NANOS;

  /**
   * The moment for which the waiter has to be woken, as it set no alarm of its own; {@code
   * Long.MAX_VALUE} if there is none. Written by the waiter.
   */
  private volatile long wakeNanos = Long.MAX_VALUE;

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
    if (Thread.currentThread().isInterrupted()) {
      throw known(interrupted());
    }
    try {
      Selector open = selector();
      long limit = operation == SelectionKey.OP_CONNECT ? Long.MAX_VALUE : limitNanos;
      long millis = millisUntil(deadlineNanos, limit, timeoutMessage);
      if (!closed) {
        register(open, operation);
        int unused = open.select(Gate::ignore, millis);
      }
      if (wakeNanos != Long.MAX_VALUE) {
        wakeNanos = Long.MAX_VALUE;
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

  /**
   * What is left until the deadline or the limit, rounded up; 0 if there is neither, and if a
   * reminder will come before it.
   */
  private long millisUntil(long deadlineNanos, long limit, String timeoutMessage)
      throws IOException {
    if (deadlineNanos == Long.MAX_VALUE && limit == Long.MAX_VALUE) {
      return 0;
    }
    long now = System.nanoTime();
    long left = Math.min(left(deadlineNanos, now), left(limit, now));
    if (left <= 0) {
      throw known(new SocketTimeoutException(timeoutMessage));
    }
    if (left >= FAR_NANOS && now - remindedNanos < REMINDED_NANOS && VirtualThreads.isCurrent()) {
      wakeNanos = now + left;
      return 0;
    }
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(left + 999_999));
  }

  private static long left(long moment, long now) {
    return moment == Long.MAX_VALUE ? Long.MAX_VALUE - 999_999 : moment - now;
  }

  /**
   * Wakes the waiter if its deadline is near and it has no alarm. Called once a second, from one
   * thread at a time; who is called so spares virtual threads an alarm for deadlines that are far.
   */
  void remind(long now) {
    remindedNanos = now;
    long wake = wakeNanos;
    if (wake != Long.MAX_VALUE && wake - now < NEAR_NANOS) {
      wake();
    }
  }

  private void wake() {
    Selector open = selector;
    if (open != null) {
      Selector unused = open.wakeup();
    }
  }

  /** Moves the limit, for who waits now and for all that come. From any thread. */
  void limit(long nanos) {
    limitNanos = nanos;
    wake();
  }

  /** Refuses what begins after the limit. */
  void refuseLate(String timeoutMessage) throws SocketTimeoutException {
    long limit = limitNanos;
    if (limit != Long.MAX_VALUE && limit - System.nanoTime() <= 0) {
      throw new SocketTimeoutException(timeoutMessage);
    }
  }

  private static void ignore(SelectionKey ready) {
    // the caller tries again and sees for itself
  }

  private static InterruptedIOException interrupted() {
    return new InterruptedIOException("interrupted while waiting for the peer");
  }

  /** The exception that users of {@code java.net.Socket} know for what befell the channel. */
  IOException known(IOException e) {
    if (e instanceof ClosedChannelException || closed) {
      return e instanceof SocketException ? e : TcpChannel.socketClosed();
    }
    if (e.getClass() == IOException.class) {
      SocketException known = new SocketException(e.getMessage());
      known.initCause(e);
      return known;
    }
    return e;
  }

  /**
   * Makes sure that a wait will not fail for want of a descriptor. For the thread that may wait.
   *
   * @return false if there is no descriptor to be had
   */
  boolean prepare() {
    try {
      Selector unused = selector();
    } catch (NoDescriptorException e) {
      return false;
    }
    if (closed) {
      closeSelector(); // whoever closed may have looked before there was one
    }
    return true;
  }

  private Selector selector() throws NoDescriptorException {
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
