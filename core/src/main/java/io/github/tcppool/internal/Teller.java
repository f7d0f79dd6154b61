package io.github.tcppool.internal;

import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolListener;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listeners what happened, one event after the other, on a worker of its own.
 *
 * <p>Never in the thread in which it happened: a listener may block, throw, interrupt its thread or
 * call the pool, and neither a call's deadline nor dialing, closing and housekeeping may hang on
 * that. What cannot be told in time is dropped beyond a limit, and the log says how many.
 *
 * <pre>
 * worker     means                                leaves it by
 * NONE       nothing to tell                      go: starts one
 * WORKING    it is told, or waits for the next    ends a second after the last event, or when stopped
 * </pre>
 */
final class Teller {

  private static final Logger LOG = LoggerFactory.getLogger("io.github.tcppool");

  /** Enough for the end of every connection of a large pool at once. */
  static final int MOST_IN_LINE = 1 << 14;

  /** Saves a new thread per event where events come one by one. */
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String name;
  private final List<PoolListener> listeners;
  private final Executor workers;
  private final ReentrantLock lock = new ReentrantLock();

  /** Signalled when there is something to tell, when all is told, and at the end. */
  private final Condition changed = lock.newCondition();

  /** Guarded by the lock. */
  private final ArrayDeque<PoolEvent> line = new ArrayDeque<>();

  /** The worker's thread; null while there is none. Guarded by the lock. */
  private @Nullable Thread worker;

  /** Whether a worker is there or about to be. Guarded by the lock. */
  private boolean working;

  /** Whether a listener is being told something. Guarded by the lock. */
  private boolean telling;

  /** Events that found the line full. Guarded by the lock. */
  private long dropped;

  /** Guarded by the lock. */
  private boolean stopped;

  Teller(String name, List<PoolListener> listeners, Executor workers) {
    this.name = name;
    this.listeners = listeners;
    this.workers = workers;
  }

  /** Puts an event in line; returns at once, and may be called under the engine's lock. */
  void lineUp(PoolEvent event) {
    if (listeners.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      if (line.size() >= MOST_IN_LINE) {
        dropped++;
        return;
      }
      line.addLast(event);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Has told what is in line. */
  void go() {
    boolean start;
    lock.lock();
    try {
      start = !working && !line.isEmpty();
      working |= start;
    } finally {
      lock.unlock();
    }
    if (start) {
      start();
    }
  }

  private void start() {
    try {
      workers.execute(this::work);
    } catch (Throwable t) { // no thread to be had: the next event tries again
      LOG.debug("{}: listeners have to wait", name, t);
      lock.lock();
      try {
        working = false;
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Waits until everything in line is told, for at most this long. Not for a listener that calls
   * the pool: it would wait for itself.
   */
  void settle(long nanos) {
    long left = nanos;
    lock.lock();
    try {
      while (worker != Thread.currentThread() && working && isBusy() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private boolean isBusy() {
    return telling || !line.isEmpty();
  }

  /** Ends the worker as soon as everything in line is told. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- the worker ----

  private void work() {
    for (PoolEvent event = next(); event != null; event = next()) {
      for (PoolListener listener : listeners) {
        pass(event, listener);
      }
    }
  }

  private void pass(PoolEvent event, PoolListener listener) {
    try {
      listener.onEvent(event);
    } catch (Throwable t) { // a listener's fault is nobody else's
      warn("{}: a listener failed at {}", name, event.getClass().getSimpleName(), t);
    }
    boolean unused = Thread.interrupted(); // what one listener does to the thread is not the next's
  }

  /** The next event, waiting for it a while; null if the worker must end. */
  private @Nullable PoolEvent next() {
    long missed;
    PoolEvent next;
    lock.lock();
    try {
      worker = Thread.currentThread();
      telling = false;
      changed.signalAll();
      long left = LINGER_NANOS;
      while (line.isEmpty() && !stopped && left > 0) {
        left = awaitNanos(left);
      }
      next = line.pollFirst();
      telling = next != null;
      working = telling;
      worker = telling ? worker : null;
      missed = dropped;
      dropped = 0;
    } finally {
      lock.unlock();
    }
    if (missed > 0) {
      warn("{}: listeners are too slow: {} events were dropped", name, missed);
    }
    return next;
  }

  @SuppressWarnings("WaitNotInLoop") // the loop is in next
  private long awaitNanos(long nanos) {
    try {
      return changed.awaitNanos(nanos);
    } catch (InterruptedException e) {
      return nanos; // a listener's doing: nobody else knows this thread
    }
  }

  /** The log is the user's code, too. */
  private static void warn(String format, Object... values) {
    try {
      LOG.warn(format, values);
    } catch (Throwable t) {
      // there is nobody left to tell
    }
  }
}
