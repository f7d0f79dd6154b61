package io.github.tcppool.internal.engine;

import java.util.Iterator;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The waiters of an engine, in the order of their places, which is the order in which they came.
 * Under the engine's lock, but for {@link #size()}.
 */
final class Line {

  /** What becomes of a waiter when the line is walked along. */
  enum Step {
    STAYS,
    LEAVES,
    /** It stays, and so do all behind it. */
    STOP
  }

  private final NavigableSet<Waiter> waiters =
      new TreeSet<>((a, b) -> Long.compare(a.place(), b.place()));

  private long lastPlace;

  /** Waiters that need only the writing half of a connection. */
  private int senders;

  /** Written under the lock. */
  private volatile int size;

  /** May be asked by anyone. */
  int size() {
    return size;
  }

  boolean hasSenders() {
    return senders > 0;
  }

  /** At the end, or at the place that it had. */
  void join(Waiter waiter) {
    if (waiter.place() == Waiter.NEW) {
      waiter.place(++lastPlace);
    }
    waiter.queued = true;
    waiters.add(waiter);
    size = waiters.size();
    if (!waiter.full) {
      senders++;
    }
    if (waiter.bound && waiter.preferred != null) {
      waiter.preferred.boundWaiters++;
    }
  }

  void leave(Waiter waiter) {
    waiter.queued = false;
    waiters.remove(waiter);
    left(waiter);
  }

  /** Keeps the figures, after a waiter was taken out. */
  private void left(Waiter waiter) {
    size = waiters.size();
    if (!waiter.full) {
      senders--;
    }
    if (waiter.bound && waiter.preferred != null) {
      waiter.preferred.boundWaiters--;
    }
  }

  @Nullable Waiter first(Predicate<Waiter> which) {
    for (Waiter waiter : waiters) {
      if (which.test(waiter)) {
        return waiter;
      }
    }
    return null;
  }

  /** Asks one after the other, from the first on; those who leave are to be woken. */
  void walk(Function<Waiter, Step> decision, Effects after) {
    for (Iterator<Waiter> line = waiters.iterator(); line.hasNext(); ) {
      Waiter waiter = line.next();
      Step step = decision.apply(waiter);
      if (step == Step.STOP) {
        return;
      }
      if (step == Step.LEAVES) {
        line.remove();
        left(waiter);
        after.wakes.add(waiter);
      }
    }
  }

  /** Takes some out of it, as it is clear what becomes of them. */
  void decide(Predicate<Waiter> which, Consumer<Waiter> fate, Effects after) {
    walk(
        waiter -> {
          if (!which.test(waiter)) {
            return Step.STAYS;
          }
          fate.accept(waiter);
          return Step.LEAVES;
        },
        after);
  }
}
