package io.github.tcppool.internal.engine;

import java.util.Iterator;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The waiters of an engine, in the order of their places, which is the order in which they came.
 * Under the engine's lock, but for {@link #size()}.
 */
final class Line implements Iterable<Waiter> {

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

  /** From the first on; whoever is removed on the way has left. */
  @Override
  public Iterator<Waiter> iterator() {
    return new Walk(waiters.iterator());
  }

  private final class Walk implements Iterator<Waiter> {
    private final Iterator<Waiter> ahead;
    private @Nullable Waiter reached;

    Walk(Iterator<Waiter> ahead) {
      this.ahead = ahead;
    }

    @Override
    public boolean hasNext() {
      return ahead.hasNext();
    }

    @Override
    public Waiter next() {
      Waiter next = ahead.next();
      reached = next;
      return next;
    }

    @Override
    public void remove() {
      ahead.remove();
      Waiter gone = reached;
      if (gone != null) {
        left(gone);
      }
    }
  }

  /** Takes some out of it, as it is clear what becomes of them. */
  void decide(Predicate<Waiter> which, Consumer<Waiter> fate, Effects after) {
    for (Iterator<Waiter> walk = iterator(); walk.hasNext(); ) {
      Waiter waiter = walk.next();
      if (which.test(waiter)) {
        walk.remove();
        fate.accept(waiter);
        after.wakes.add(waiter);
      }
    }
  }
}
