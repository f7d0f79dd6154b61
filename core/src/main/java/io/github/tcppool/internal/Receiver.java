package io.github.tcppool.internal;

import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.FailureDetails;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.framing.FrameException;
import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fan-in: the next frame from any connection, without a thread of its own.
 *
 * <p>Leader and followers: of the callers that wait for a frame, one waits in the selector for all
 * of them, reads what arrives, and puts the frames in line; then the next one leads. While nobody
 * calls, nothing is read, so the kernel's buffers fill and the peers wait: the line holds at most
 * what one round of reading brings, and what {@link InboundLine} allows to be kept.
 */
final class Receiver implements InboundPolicy {

  private static final Logger LOG = LoggerFactory.getLogger("io.github.tcppool");

  private final String name;
  private final IntSupplier maxBytes;
  private final BooleanSupplier ignores;
  private final Reporter reporter;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by the lock. */
  private final InboundLine line = new InboundLine();

  /** Whether somebody waits in the selector. Guarded by the lock. */
  private boolean led;

  /** Guarded by the lock. */
  private boolean closed;

  /** Made at the first receive. Written under the lock. */
  private volatile @Nullable InboundWatch watch;

  private InboundWatch.@Nullable Owner owner;

  Receiver(String name, IntSupplier maxBytes, BooleanSupplier ignores, Reporter reporter) {
    this.name = name;
    this.maxBytes = maxBytes;
    this.ignores = ignores;
    this.reporter = reporter;
  }

  void use(InboundWatch.Owner connectionOwner) {
    owner = connectionOwner;
  }

  private InboundWatch.Owner owner() {
    InboundWatch.Owner known = owner;
    if (known == null) {
      throw new IllegalStateException("receiver is not complete");
    }
    return known;
  }

  // ---- receiving ----

  /** The next frame, waiting until the deadline. */
  byte[] receive(long deadlineNanos) throws IOException {
    lock.lock();
    try {
      while (true) {
        byte[] frame = line.poll();
        if (frame != null) {
          changed.signal(); // the next caller has its turn
          return frame;
        }
        if (closed) {
          throw new PoolClosedException(name + " is closed", FailureDetails.NOTHING_SENT, null);
        }
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0 && !led && lead(0)) {
          continue;
        }
        if (left <= 0) {
          throw new CallTimeoutException(
              name + ": no frame arrived before the deadline", FailureDetails.NOTHING_SENT, null);
        }
        if (led) {
          follow(left);
        } else {
          boolean unused = lead(left);
        }
        if (Thread.currentThread().isInterrupted() && line.isEmpty()) {
          throw interrupted();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the loop is in receive, which leads if nobody else does
  private void follow(long nanos) throws CallInterruptedException {
    try {
      long unused = changed.awaitNanos(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
  }

  private CallInterruptedException interrupted() {
    changed.signal(); // in case the signal for a frame was ours
    return new CallInterruptedException(
        name + ": interrupted while waiting for a frame", FailureDetails.NOTHING_SENT, null);
  }

  /**
   * Waits in the selector, without the lock, and puts what was read in line. True if there are
   * frames.
   */
  private boolean lead(long nanos) throws IOException {
    led = true;
    List<byte[]> read = new ArrayList<>();
    lock.unlock();
    try {
      watch().wait(nanos, read);
    } finally {
      lock.lock();
      led = false;
      watch().letGo();
      line.addAll(read);
      changed.signal();
    }
    return !read.isEmpty();
  }

  // ---- policy ----

  @Override
  public boolean isReceiving() {
    return watch != null;
  }

  @Override
  public boolean ignores() {
    return ignores.getAsBoolean() && !isReceiving();
  }

  @Override
  public int maxBytes() {
    return maxBytes.getAsInt();
  }

  @Override
  public void keep(Connection connection) {
    boolean dropped = false;
    try {
      byte[] frame = connection.nextFrame();
      while (frame != null) {
        dropped = !putInLine(frame, connection.share, dropped);
        frame = connection.nextFrame();
      }
    } catch (FrameException e) {
      // what was whole before the fault counts; the rest goes with the connection
    } catch (Throwable t) { // a user's framing: nobody who is here asked for these bytes
      LOG.warn("{}: the framing failed at what {} had sent unasked", name, connection, t);
    }
    if (dropped) {
      tellDropped();
    }
  }

  /**
   * False if it was dropped: there is no room, or one before it was, as what is kept has no gap.
   */
  private boolean putInLine(byte[] frame, InboundLine.Share share, boolean dropped) {
    lock.lock();
    try {
      if (!dropped && line.keep(frame, share, maxBytes.getAsInt())) {
        changed.signal();
        return true;
      }
      line.noteDropped(frame);
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void tellDropped() {
    InboundLine.Dropped untold;
    lock.lock();
    try {
      untold = line.untold(System.nanoTime());
    } finally {
      lock.unlock();
    }
    if (untold != null) {
      reporter.inboundDropped(untold.frames(), untold.bytes());
    }
  }

  @Override
  public void arrived(Connection connection) {
    InboundWatch watching = watch;
    if (watching != null) {
      watching.arrived(connection);
    }
  }

  @Override
  public void unmute(Connection connection) {
    connection.muted = false;
    arrived(connection);
  }

  @Override
  public void forget(Connection connection) {
    connection.forgotten = true; // before the look at the watch, which may just be made
    InboundWatch watching = watch;
    if (watching == null || !watching.unwatch(connection)) {
      return;
    }
    lock.lock();
    try {
      watching.noteForgotten();
      if (led) {
        watching.wakeup(); // the leader lets go: a second one in the selector would wait for it
      } else {
        watching.letGo();
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- life ----

  /** Begins to watch; {@code existing} are the connections there are. */
  void start(Consumer<Consumer<Connection>> existing) throws IOException {
    if (watch != null) {
      return;
    }
    InboundWatch opened = new InboundWatch(Selector.open(), owner());
    boolean used = false;
    lock.lock();
    try {
      if (watch == null && !closed) {
        watch = opened;
        used = true;
      }
    } finally {
      lock.unlock();
    }
    if (used) {
      existing.accept(opened::arrived); // also wakes a caller who leads already and has seen none
    } else {
      opened.close();
    }
  }

  private InboundWatch watch() {
    InboundWatch watching = watch;
    if (watching == null) {
      throw new IllegalStateException("receiver was not started");
    }
    return watching;
  }

  int framesInLine() {
    lock.lock();
    try {
      return line.size();
    } finally {
      lock.unlock();
    }
  }

  /** Turns everybody away; frames in line can still be taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    InboundWatch watching = watch;
    if (watching != null) {
      watching.close();
    }
  }
}
