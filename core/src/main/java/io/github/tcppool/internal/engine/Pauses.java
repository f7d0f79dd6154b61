package io.github.tcppool.internal.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Callers that let time pass between two attempts.
 *
 * <p>No wake-up is lost: a caller first enters, then looks whether all is over; the end is first
 * marked, then told to all who have entered.
 */
final class Pauses {

  private final Set<Parker> pausing = ConcurrentHashMap.newKeySet();
  private volatile boolean over;

  /** Returns when the moment has come, the thread is interrupted, or all pauses have ended. */
  void sleep(Parker parker, long untilNanos, LongSupplier clock) {
    pausing.add(parker);
    try {
      while (!over && !Thread.currentThread().isInterrupted()) {
        long left = untilNanos - clock.getAsLong();
        if (left <= 0) {
          return;
        }
        parker.sleep(left);
      }
    } finally {
      pausing.remove(parker);
    }
  }

  /** Ends all pauses, those to come included. */
  void end() {
    over = true;
    pausing.forEach(Parker::wake);
  }
}
