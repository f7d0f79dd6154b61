package io.github.tcppool.internal;

import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.CloseReason;
import io.github.tcppool.FailureDetails;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.internal.net.Probe;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Fan-in: the next frame from any connection, without a thread of its own.
 *
 * <p>Leader and followers: of the callers that wait for a frame, one waits in the selector for all
 * of them, reads what arrives, and puts the frames in line; then the next one leads. While nobody
 * calls, nothing is read, so the kernel's buffers fill and the peers wait: the line holds at most
 * what one round of reading brings.
 *
 * <p>The leader owns the reading half of a connection for the moment in which it reads. One that
 * belongs to a dialogue is <em>muted</em>: not watched until its owner lets go. No owner's release
 * is missed: the leader sets {@code muted}, then tries to claim once more; an owner lets go, then
 * looks at {@code muted}.
 */
final class Receiver implements InboundPolicy {

  /** Gives back, or closes, a connection that the leader had claimed for reading. */
  interface Owner {
    void dropRead(Connection connection);

    void discard(Connection connection, CloseReason reason);
  }

  private final String name;
  private final IntSupplier maxBytes;
  private final BooleanSupplier ignores;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Frames in line. Guarded by the lock. */
  private final ArrayDeque<byte[]> frames = new ArrayDeque<>();

  /** Bytes ever put in line by {@link #keep} before anybody received. Guarded by the lock. */
  private long keptBytes;

  /** Whether somebody waits in the selector. Guarded by the lock. */
  private boolean led;

  /** Whether keys were cancelled that the selector still holds. Guarded by the lock. */
  private boolean forgotten;

  /** Guarded by the lock. */
  private boolean closed;

  /** Connections to be looked at by the next leader. */
  private final Queue<Connection> arrived = new ConcurrentLinkedQueue<>();

  /** Made at the first receive. Written under the lock. */
  private volatile @Nullable Selector selector;

  private @Nullable Owner owner;

  Receiver(String name, IntSupplier maxBytes, BooleanSupplier ignores) {
    this.name = name;
    this.maxBytes = maxBytes;
    this.ignores = ignores;
  }

  void use(Owner connectionOwner) {
    owner = connectionOwner;
  }

  private Owner owner() {
    Owner known = owner;
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
        byte[] frame = frames.poll();
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
        if (Thread.currentThread().isInterrupted() && frames.isEmpty()) {
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
      wait(selector(), nanos, read);
    } finally {
      lock.lock();
      led = false;
      letGo(selector());
      frames.addAll(read);
      changed.signal();
    }
    return !read.isEmpty();
  }

  private void wait(Selector open, long nanos, List<byte[]> read) throws IOException {
    try {
      lookAtArrived(open, read);
      List<Connection> ready = new ArrayList<>();
      Consumer<SelectionKey> note = key -> ready.add((Connection) key.attachment());
      if (read.isEmpty() && nanos > 0) {
        open.select(note, Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999)));
      } else {
        open.selectNow(note);
      }
      for (Connection next : ready) { // not within the select, as a look may close a connection
        look(next, open, read);
      }
      lookAtArrived(open, read);
    } catch (ClosedSelectorException e) {
      // the pool was closed; the caller will see it
    }
  }

  private void lookAtArrived(Selector open, List<byte[]> read) {
    for (Connection next = arrived.poll(); next != null; next = arrived.poll()) {
      look(next, open, read);
    }
  }

  // ---- reading one connection; only the leader ----

  private void look(Connection connection, Selector open, List<byte[]> read) {
    if (!watch(connection, open) || !claim(connection, open)) {
      return;
    }
    CloseReason reason;
    try {
      reason = take(connection, read);
    } catch (RuntimeException | Error e) { // a user's framing: its connection pays, nobody else
      owner().discard(connection, CloseReason.OWNER_FAILED);
      throw e;
    }
    if (reason == null) {
      owner().dropRead(connection);
    } else {
      owner().discard(connection, reason);
    }
  }

  private static boolean watch(Connection connection, Selector open) {
    try {
      SelectionKey key = connection.channel().raw().keyFor(open);
      if (key == null) {
        connection.channel().raw().register(open, SelectionKey.OP_READ, connection);
      } else {
        key.interestOps(SelectionKey.OP_READ);
      }
      return true;
    } catch (ClosedChannelException | CancelledKeyException e) {
      return false;
    }
  }

  private static boolean claim(Connection connection, Selector open) {
    connection.muted = false;
    if (connection.claimRead()) {
      return true;
    }
    connection.muted = true;
    try {
      SelectionKey key = connection.channel().raw().keyFor(open);
      if (key != null) {
        key.interestOps(0);
      }
      if (!connection.claimRead()) {
        return false;
      }
      connection.muted = false;
      if (key != null) {
        key.interestOps(SelectionKey.OP_READ);
      }
      return true;
    } catch (CancelledKeyException e) {
      return false;
    }
  }

  /** Reads once and takes the whole frames. Returns why the connection must be closed, or null. */
  private static @Nullable CloseReason take(Connection connection, List<byte[]> read) {
    try {
      Probe seen = connection.channel().readMore();
      drainFrames(connection, read);
      return switch (seen) {
        case QUIET, DATA -> null;
        case END -> connection.hasUnread() ? CloseReason.BAD_FRAME : CloseReason.PEER_CLOSED;
        case BROKEN -> CloseReason.PEER_RESET;
      };
    } catch (FrameException e) {
      return CloseReason.BAD_FRAME;
    }
  }

  private static void drainFrames(Connection connection, List<byte[]> read) throws FrameException {
    for (byte[] frame = connection.nextFrame(); frame != null; frame = connection.nextFrame()) {
      read.add(frame);
    }
  }

  // ---- policy ----

  @Override
  public boolean isReceiving() {
    return selector != null;
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
    List<byte[]> read = new ArrayList<>();
    try {
      drainFrames(connection, read);
    } catch (FrameException e) {
      // what was whole before the fault counts; the rest goes with the connection
    }
    lock.lock();
    try {
      for (byte[] frame : read) {
        if (keptBytes + frame.length > maxBytes.getAsInt() && !isReceiving()) {
          break; // nobody has ever asked for them, so there must be an end to it
        }
        keptBytes += frame.length;
        frames.addLast(frame);
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void arrived(Connection connection) {
    Selector open = selector;
    if (open != null) {
      arrived.add(connection);
      open.wakeup();
    }
  }

  @Override
  public void unmute(Connection connection) {
    connection.muted = false;
    arrived(connection);
  }

  @Override
  public void forget(Connection connection) {
    Selector open = selector;
    SelectionKey key = open == null ? null : connection.channel().raw().keyFor(open);
    if (open == null || key == null) {
      return;
    }
    key.cancel();
    lock.lock();
    try {
      forgotten = true;
      if (led) {
        open.wakeup(); // the leader lets go: a second one in the selector would wait for the first
      } else {
        letGo(open);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of the channels that were forgotten; a channel is closed only then. Under the lock. */
  private void letGo(Selector open) {
    if (!forgotten) {
      return;
    }
    forgotten = false;
    try {
      int unused = open.selectNow(Receiver::ignore);
    } catch (IOException | ClosedSelectorException e) {
      // then closing the selector does
    }
  }

  private static void ignore(SelectionKey key) {
    // what is ready now is still ready at the leader's next look
  }

  // ---- life ----

  /** Begins to watch; {@code existing} are the connections there are. */
  void start(Consumer<Consumer<Connection>> existing) throws IOException {
    if (selector != null) {
      return;
    }
    Selector opened = Selector.open();
    boolean used = false;
    lock.lock();
    try {
      if (selector == null && !closed) {
        selector = opened;
        used = true;
      }
    } finally {
      lock.unlock();
    }
    if (used) {
      existing.accept(arrived::add);
      opened.wakeup(); // another caller may lead already, and have seen none of them
    } else {
      opened.close();
    }
  }

  private Selector selector() {
    Selector open = selector;
    if (open == null) {
      throw new IllegalStateException("receiver was not started");
    }
    return open;
  }

  int framesInLine() {
    lock.lock();
    try {
      return frames.size();
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
    Selector open = selector;
    if (open == null) {
      return;
    }
    try {
      open.close();
    } catch (IOException e) {
      // nobody waits in it any more
    }
  }
}
