package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** What the engine only counts. */
final class Tally {

  /** The engine's. */
  private final ReentrantLock lock;

  @GuardedBy("lock") private final Map<CloseReason, Long> closedBy = new EnumMap<>(CloseReason.class);

  @GuardedBy("lock") private long timeouts;

  Tally(ReentrantLock lock) {
    this.lock = lock;
  }

  /** A connection is gone; the lock is held. */
  @GuardedBy("lock")
  void countClosed(CloseReason reason) {
    closedBy.merge(reason, 1L, Long::sum);
  }

  void countTimeout() {
    lock.lock();
    try {
      timeouts++;
    } finally {
      lock.unlock();
    }
  }

  long timeouts() {
    lock.lock();
    try {
      return timeouts;
    } finally {
      lock.unlock();
    }
  }

  Map<CloseReason, Long> closedBy() {
    lock.lock();
    try {
      return new EnumMap<>(closedBy);
    } finally {
      lock.unlock();
    }
  }
}
