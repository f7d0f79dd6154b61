package io.github.tcppool.internal.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How often an endpoint was picked: ever, and in the last second.
 *
 * <p>Two windows of a second stand side by side, each in one word: its number in the upper half,
 * its count in the lower. Counting is one atomic step on the word of the current second. The rate
 * is the count of this second and the part of the last one that is still within a second from now,
 * as if that one had been even. Any number of threads; no lock, no allocation.
 */
public final class PickRate {

  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long COUNT_MASK = 0xffff_ffffL;

  private final AtomicLong even = new AtomicLong();
  private final AtomicLong odd = new AtomicLong();

  /** The counts of windows that were replaced. */
  private final AtomicLong gone = new AtomicLong();

  /** Counts one pick at this moment. */
  public void count(long now) {
    int window = windowAt(now);
    AtomicLong word = wordOf(window);
    while (true) {
      long seen = word.get();
      long count = seen & COUNT_MASK;
      if (count != 0 && windowOf(seen) - window >= 0) { // this one, or one begun by others since
        long unused = word.getAndIncrement();
        return;
      }
      if (word.compareAndSet(seen, ((long) window << 32) | 1)) {
        if (count != 0) {
          long unused = gone.addAndGet(count);
        }
        return;
      }
    }
  }

  /** Picks within the last second, about. */
  public double perSecond(long now) {
    int window = windowAt(now);
    double left = 1 - (double) Math.floorMod(now, WINDOW_NANOS) / WINDOW_NANOS;
    return countIn(window) + left * countIn(window - 1);
  }

  /** Picks ever. */
  public long total() {
    return gone.get() + (even.get() & COUNT_MASK) + (odd.get() & COUNT_MASK);
  }

  private long countIn(int window) {
    long seen = wordOf(window).get();
    return windowOf(seen) == window ? seen & COUNT_MASK : 0;
  }

  private AtomicLong wordOf(int window) {
    return (window & 1) == 0 ? even : odd;
  }

  private static int windowAt(long now) {
    return (int) Math.floorDiv(now, WINDOW_NANOS);
  }

  private static int windowOf(long word) {
    return (int) (word >> 32);
  }
}
