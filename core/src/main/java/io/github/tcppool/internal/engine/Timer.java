package io.github.tcppool.internal.engine;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a pool that wakes up by itself: runs a task that says when it wants to run
 * next.
 */
public final class Timer {

  private static final Logger LOG = LoggerFactory.getLogger(Timer.class);
  private static final long AFTER_ERROR_NANOS = 1_000_000_000;

  private final LongUnaryOperator task;
  private final LongSupplier clock;
  private final String threadName;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock") private boolean rung;

  @GuardedBy("lock") private boolean stopped;

  @GuardedBy("lock") private @Nullable Thread thread;

  /** The task gets the time and returns when to run next. */
  public Timer(String threadName, LongUnaryOperator task, LongSupplier clock) {
    this.threadName = threadName;
    this.task = task;
    this.clock = clock;
  }

  /** Lets the task run soon; starts the thread at the first call. */
  public void ring() {
    lock.lock();
    try {
      rung = true;
      if (thread == null && !stopped) {
        Thread started = new Thread(this::loop, threadName);
        started.setDaemon(true);
        thread = started;
        started.start();
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the thread after the run it may be in. */
  public void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void loop() {
    long next = clock.getAsLong();
    while (awaitTurn(next)) {
      long now = clock.getAsLong();
      try {
        next = task.applyAsLong(now);
      } catch (Throwable t) { // this thread must outlive any fault in what it calls
        LOG.error("{}: housekeeping failed, trying again in a second", threadName, t);
        next = now + AFTER_ERROR_NANOS;
      }
    }
  }

  /** Waits for the time or a ring. False when stopped. */
  private boolean awaitTurn(long next) {
    lock.lock();
    try {
      while (!stopped && !rung) {
        long left = next == Long.MAX_VALUE ? Long.MAX_VALUE : next - clock.getAsLong();
        if (left <= 0) {
          break;
        }
        awaitNanos(left);
      }
      rung = false;
      return !stopped;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock") @SuppressWarnings("WaitNotInLoop") // the loop is in awaitTurn
  private void awaitNanos(long nanos) {
    try {
      long unused = changed.awaitNanos(nanos);
    } catch (InterruptedException e) {
      rung = true; // nobody owns this thread: an interrupt is only another ring
    }
  }
}
