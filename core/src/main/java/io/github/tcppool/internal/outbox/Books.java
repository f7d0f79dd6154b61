package io.github.tcppool.internal.outbox;

import io.github.tcppool.OutboxSnapshot;
import io.github.tcppool.internal.outbox.MessageRing.Room;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The counts of an outbox, the consumer's end of its ring, and what can be waited for.
 *
 * <p>A leaf lock: nothing here calls out. Room is given back and counted under it in one step, so
 * accepted = sent + failed + dropped + queued holds whenever it is free.
 */
final class Books {

  private final MessageRing ring;
  private final ReentrantLock lock = new ReentrantLock();

  /** Signalled when room was given back or messages were settled, and at the end. */
  private final Condition settled = lock.newCondition();

  /** Signalled when a lingering writer should look again. */
  private final Condition hurried = lock.newCondition();

  /** Offers that never were accepted. */
  private final LongAdder refused = new LongAdder();

  // All guarded by the lock.
  private long sent;
  private long failed;
  private long dropped;
  private long resent;
  private long batches;
  private boolean ended;

  /** Messages taken out and not settled; their positions begin at {@code firstTaken}. */
  private int taken;

  private long firstTaken;
  private int flushing;

  /** Producers that wait for room. Written under the lock; others keep behind them. */
  private volatile int blocked;

  /** Whether the writer lingers. Written under the lock. */
  private volatile boolean lingering;

  Books(MessageRing ring) {
    this.ring = ring;
  }

  // ---- offering ----

  boolean isAnyoneBlocked() {
    return blocked > 0;
  }

  void countRefused() {
    refused.increment();
  }

  /** Waits for room. Anything but GIVEN if the time ran out or the thread was interrupted. */
  Room awaitRoom(int bytes, long nanos) {
    long left = nanos;
    lock.lock();
    addBlocked(1);
    try {
      Room room = ring.reserve(bytes);
      while (room == Room.FULL && left > 0) {
        left = settled.awaitNanos(left);
        room = ring.reserve(bytes);
      }
      return room;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Room.FULL;
    } finally {
      addBlocked(-1);
      lock.unlock();
    }
  }

  /** The lock is held. */
  private void addBlocked(int difference) {
    int now = blocked + difference;
    blocked = now;
  }

  /** Takes out the oldest message that nobody is writing and counts it as dropped; null if none. */
  byte @Nullable [] dropOldest() {
    lock.lock();
    try {
      byte[] oldest = ring.poll();
      if (oldest != null) {
        dropped++;
        giveBack(1, oldest.length);
      }
      return oldest;
    } finally {
      lock.unlock();
    }
  }

  /** Counts a message that was dropped before it had room. */
  void countDroppedNewest() {
    lock.lock();
    try {
      dropped++;
    } finally {
      lock.unlock();
    }
  }

  // ---- the turn ----

  boolean hasNext() {
    lock.lock();
    try {
      return ring.hasNext();
    } finally {
      lock.unlock();
    }
  }

  /** Takes messages out, at most as many as fit; returns how many. */
  int take(byte[][] messages, long[] times) {
    lock.lock();
    try {
      firstTaken = ring.head();
      int count = 0;
      while (count < messages.length) {
        long time = ring.nextTime();
        byte[] message = ring.poll();
        if (message == null) {
          break;
        }
        messages[count] = message;
        times[count] = time;
        count++;
      }
      taken = count;
      return count;
    } finally {
      lock.unlock();
    }
  }

  void countSent(int messages, long bytes) {
    lock.lock();
    try {
      batches++;
      sent += messages;
      settle(messages, bytes);
    } finally {
      lock.unlock();
    }
  }

  void countFailed(int messages, long bytes) {
    lock.lock();
    try {
      failed += messages;
      settle(messages, bytes);
    } finally {
      lock.unlock();
    }
  }

  void countResent() {
    lock.lock();
    try {
      resent++;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out one message that came too late to be sent and counts it as failed; null if none. */
  byte @Nullable [] failNext() {
    lock.lock();
    try {
      byte[] next = ring.poll();
      if (next != null) {
        failed++;
        giveBack(1, next.length);
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** The oldest of those taken out; the lock is held. */
  private void settle(int messages, long bytes) {
    taken -= messages;
    firstTaken += messages;
    giveBack(messages, bytes);
  }

  private void giveBack(int messages, long bytes) {
    ring.free(messages, bytes);
    if (blocked > 0 || flushing > 0) {
      settled.signalAll();
    }
  }

  // ---- waiting ----

  /** Waits until there are as many bytes, somebody flushes, or the time is over. */
  void linger(long nanos, long enoughBytes) {
    long left = nanos;
    lock.lock();
    try {
      lingering = true;
      while (left > 0 && flushing == 0 && !ring.isClosed() && ring.bytes() < enoughBytes) {
        left = hurried.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the outbox ends
    } finally {
      lingering = false;
      lock.unlock();
    }
  }

  boolean isLingering() {
    return lingering;
  }

  /** Turns those away who wait for room, as the ring was closed. */
  void closed() {
    lock.lock();
    try {
      settled.signalAll();
      hurried.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Lets a lingering writer look again. */
  void hurry() {
    lock.lock();
    try {
      hurried.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all positions before {@code end} are settled. False if the time ran out. */
  boolean awaitSettled(long end, long nanos) throws InterruptedException {
    long left = nanos;
    lock.lock();
    flushing++;
    try {
      hurried.signal();
      while ((taken > 0 ? firstTaken : ring.head()) < end && !ended) {
        if (left <= 0) {
          return false;
        }
        left = settled.awaitNanos(left);
      }
      return (taken > 0 ? firstTaken : ring.head()) >= end;
    } finally {
      flushing--;
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      ended = true;
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for {@link #end}. False if the time ran out. */
  boolean awaitEnd(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lock();
    try {
      while (!ended && left > 0) {
        left = settled.awaitNanos(left);
      }
      return ended;
    } finally {
      lock.unlock();
    }
  }

  OutboxSnapshot snapshot(String name) {
    lock.lock();
    try {
      int queued = ring.messages();
      return new OutboxSnapshot(
          name,
          ring.isClosed(),
          sent + failed + dropped + queued,
          sent,
          failed,
          dropped,
          queued,
          ring.bytes(),
          refused.sum(),
          resent,
          batches);
    } finally {
      lock.unlock();
    }
  }
}
