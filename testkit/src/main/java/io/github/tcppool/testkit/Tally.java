package io.github.tcppool.testkit;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The place where tests wait for something a peer or proxy has observed. */
final class Tally {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Tells those who wait to look again; call it after the fact is visible. */
  void changed() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a fact, and says whether it came to pass within the limit. */
  boolean reached(Duration limit, BooleanSupplier fact) throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (!fact.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a fact and fails the test, saying what was seen instead, if it does not come. */
  void await(Duration limit, BooleanSupplier fact, String wanted, Supplier<String> seen) {
    boolean reached;
    try {
      reached = reached(limit, fact);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + wanted + ": " + seen.get(), e);
    }
    if (!reached) {
      throw new AssertionError(
          "expected " + wanted + " within " + limit + ", but saw " + seen.get());
    }
  }
}
