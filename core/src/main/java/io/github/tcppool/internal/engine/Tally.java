package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.RetryBudget;
import io.github.tcppool.internal.health.RetryTokens;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** What the engine only counts. */
final class Tally {

  /** The engine's. */
  private final ReentrantLock lock;

  @GuardedBy("lock") private final Map<CloseReason, Long> closedBy = new EnumMap<>(CloseReason.class);

  @GuardedBy("lock") private long timeouts;

  @GuardedBy("lock") private long notRepeated;

  @GuardedBy("lock") private final RetryTokens retryTokens;

  Tally(ReentrantLock lock, long now) {
    this.lock = lock;
    retryTokens = new RetryTokens(now);
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

  /** Takes from the retry budget; false if nothing is left of it. The lock is held. */
  @GuardedBy("lock") boolean mayRepeat(long now, long calls, RetryBudget budget) {
    boolean may = retryTokens.take(now, calls, budget);
    notRepeated += may ? 0 : 1;
    return may;
  }

  /** Has the retry budget forget what was earned long ago, now and then; the lock is held. */
  @GuardedBy("lock")
  void tendBudget(long now, LongSupplier calls, RetryBudget budget) {
    if (!budget.isUnlimited() && retryTokens.isLookDue(now)) {
      retryTokens.look(now, calls.getAsLong(), budget);
    }
  }

  long notRepeated() {
    lock.lock();
    try {
      return notRepeated;
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
