package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolOptions;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The books of the engine: the one lock, the line of waiters, the lanes, and the totals.
 *
 * <p>Nothing here blocks, calls out or does I/O; what is left to do comes back in {@link Effects}.
 */
final class Ledger {

  /** What came of joining the line. */
  enum Entry {
    GRANTED,
    QUEUED,
    /** The lane has left, or there are lanes now: to pick again. */
    MOVED,
    NO_TIME,
    FULL,
    CLOSED
  }

  final ReentrantLock lock = new ReentrantLock();

  /** Signalled when the last connection is gone. */
  final Condition emptied = lock.newCondition();

  /** Signalled when a dial has ended. */
  final Condition dialed = lock.newCondition();

  final Pauses pauses = new Pauses();

  private final Lanes book;

  private final Tally tally = new Tally(lock);

  /** In the order of their places, which is the order in which they came. */
  @GuardedBy("lock") private final NavigableSet<Waiter> waiters =
      new TreeSet<>((a, b) -> Long.compare(a.place(), b.place()));

  @GuardedBy("lock") private long lastPlace;

  /** Waiters that need only the writing half of a connection. */
  @GuardedBy("lock") private int senders;

  @GuardedBy("lock") private long nextId;

  /** The size of the line, written under the lock. */
  private volatile int waiting;

  /** Written under the lock. */
  private volatile boolean closed;

  /** Written under the lock. */
  private volatile PoolOptions options;

  Ledger(List<Endpoint> endpoints, PoolOptions options) {
    this.options = options;
    book = new Lanes(endpoints);
  }

  /** Which lanes there are. */
  Lanes book() {
    return book;
  }

  /** What is only counted. */
  Tally tally() {
    return tally;
  }

  /** Those that serve calls: a fixed array, another one whenever they change. */
  Lane[] lanes() {
    return book.active();
  }

  int waiting() {
    return waiting;
  }

  boolean isClosed() {
    return closed;
  }

  PoolOptions options() {
    return options;
  }

  @GuardedBy("lock")
  void options(PoolOptions changed) {
    options = changed;
  }

  @GuardedBy("lock") long nextId() {
    return ++nextId;
  }

  /** Dialing, idle, leased and closing, over all lanes, those that leave included. */
  int total() {
    return book.total();
  }

  // ---- the line ----

  /**
   * Joins the line, in which idle connections are given out at once; leaves it again if the waiter
   * got none and may not stay.
   */
  Entry enter(Waiter waiter, boolean hasTime, Effects after) {
    lock.lock();
    try {
      if (closed) {
        return Entry.CLOSED;
      }
      if (!canServe(waiter.preferred)) {
        return Entry.MOVED;
      }
      boolean returns = waiter.place() != Waiter.NEW;
      join(waiter);
      matchIdle(after);
      if (!waiter.queued) {
        after.wakes.remove(waiter); // it is awake
        return Entry.GRANTED;
      }
      if (hasTime && (returns || waiters.size() <= options.maxPending())) {
        return Entry.QUEUED;
      }
      leave(waiter);
      return hasTime ? Entry.FULL : Entry.NO_TIME;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a choice still stands: that of a lane, or of none because there was none. */
  @GuardedBy("lock") private boolean canServe(@Nullable Lane chosen) {
    return chosen == null ? book.active().length == 0 : chosen.isActive();
  }

  /** Lets those pick again who wait for this lane only. */
  @GuardedBy("lock")
  void moveBound(Lane lane, Effects after) {
    move(waiter -> waiter.isBoundTo(lane), after);
  }

  /** Lets those pick who found no lane to pick from. */
  @GuardedBy("lock")
  void moveHomeless(Effects after) {
    move(waiter -> waiter.preferred == null, after);
  }

  /** Lets those pick again who wait for nothing but a lane that is not usable, while another is. */
  @GuardedBy("lock")
  void moveStranded(Effects after) {
    for (Lane lane : book.active()) {
      if (lane.boundWaiters > 0 && lane.health.isClosed() && book.isAnyUsable()) {
        move(waiter -> waiter.mayPickAgain && waiter.isBoundTo(lane), after);
      }
    }
  }

  @GuardedBy("lock") private void move(Predicate<Waiter> which, Effects after) {
    decide(which, Waiter::move, after);
  }

  /** Takes some out of the line, as it is clear what becomes of them. */
  @GuardedBy("lock") private void decide(Predicate<Waiter> which, Consumer<Waiter> fate, Effects after) {
    for (Iterator<Waiter> line = waiters.iterator(); line.hasNext(); ) {
      Waiter waiter = line.next();
      if (which.test(waiter)) {
        line.remove();
        left(waiter);
        fate.accept(waiter);
        after.wakes.add(waiter);
      }
    }
  }

  /** True if the waiter was still in the line and is now out of it. */
  boolean withdraw(Waiter waiter, Effects after) {
    lock.lock();
    try {
      if (!waiter.queued) {
        return false;
      }
      leave(waiter);
      matchBehind(after);
      return true;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock") private void join(Waiter waiter) {
    if (waiter.place() == Waiter.NEW) {
      waiter.place(++lastPlace);
    }
    waiter.queued = true;
    waiters.add(waiter);
    waiting = waiters.size();
    if (!waiter.full) {
      senders++;
    }
    if (waiter.bound && waiter.preferred != null) {
      waiter.preferred.boundWaiters++;
    }
  }

  @GuardedBy("lock") private void leave(Waiter waiter) {
    waiter.queued = false;
    waiters.remove(waiter);
    left(waiter);
  }

  /** Keeps the figures, after a waiter was taken out. */
  @GuardedBy("lock") private void left(Waiter waiter) {
    waiting = waiters.size();
    if (!waiter.full) {
      senders--;
    }
    if (waiter.bound && waiter.preferred != null) {
      waiter.preferred.boundWaiters--;
    }
  }

  /** Passes an owned connection to the first waiter that accepts it. */
  boolean handOver(Pooled connection, Effects after) {
    lock.lock();
    try {
      return !connection.isRetiring()
          && !connection.isMarkedClosed()
          && grantOwned(connection, after);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock") private @Nullable Waiter firstFor(Lane lane) {
    for (Waiter waiter : waiters) {
      if (accepts(waiter, lane, 1)) {
        return waiter;
      }
    }
    return null;
  }

  /**
   * Passes a connection of which both halves are owned to the first waiter that accepts it; a
   * sender gets the writing half only.
   */
  @GuardedBy("lock") boolean grantOwned(Pooled connection, Effects after) {
    Waiter next = firstFor(connection.lane());
    if (next == null) {
      return false;
    }
    leave(next);
    if (!next.full) {
      boolean unused = connection.dropReadHalf(); // never the last half
    }
    next.grant(connection);
    after.wakes.add(next);
    matchBehind(after);
    return true;
  }

  /** Serves those who need less than whoever has just left the line: a sender needs one half. */
  @GuardedBy("lock") private void matchBehind(Effects after) {
    if (senders > 0) {
      matchIdle(after);
    }
  }

  /** Gives idle connections to waiters, in the order in which they came. */
  @GuardedBy("lock")
  void matchIdle(Effects after) {
    boolean heldBack = book.isAnyHeldBack(); // from all but those who may have nothing else
    Iterator<Waiter> line = waiters.iterator();
    while (line.hasNext()) {
      Waiter waiter = line.next();
      if (grantIdle(waiter)) {
        line.remove();
        left(waiter);
        after.wakes.add(waiter);
      } else if (!waiter.isChoosy() && !heldBack) {
        return;
      }
    }
  }

  /**
   * Whether a connection to this lane would do. Who avoids a lane does so only as long as another
   * one can serve.
   *
   * @param owned 1 if that connection is owned already, else 0
   */
  @GuardedBy("lock") private boolean accepts(Waiter waiter, Lane lane, int owned) {
    return (waiter.bound || lane.isOpen(owned)) && wants(waiter, lane);
  }

  /** Whether it would do, however far it is open. */
  @GuardedBy("lock") private boolean wants(Waiter waiter, Lane lane) {
    return waiter.accepts(lane)
        || (lane == waiter.avoided && !book.canServeBut(lane, options.maxConnections()));
  }

  @GuardedBy("lock") private boolean grantIdle(Waiter waiter) {
    Lane preferred = waiter.preferred;
    Lane avoided = waiter.avoided;
    if (avoided != null && !book.canServeBut(avoided, options.maxConnections())) {
      avoided = null;
    }
    Pooled idle = null;
    if (preferred != null && preferred != avoided) {
      idle = preferred.claim(waiter.full, PickOrder.LAST_USED);
    }
    if (idle == null && !waiter.bound) {
      idle = book.claimBeside(preferred, avoided, waiter.full, PickOrder.LAST_USED);
    }
    if (idle != null) {
      waiter.grant(idle);
    }
    return idle != null;
  }

  /**
   * Tells those whom it concerns that a dial failed, and lets those give up who have seen enough.
   */
  @GuardedBy("lock")
  void dialFailed(Lane failed, Effects after) {
    boolean hopeless = book.isHopeless();
    int allowed = options.retry().maxAttempts();
    for (Iterator<Waiter> line = waiters.iterator(); line.hasNext(); ) {
      Waiter waiter = line.next();
      if (!wants(waiter, failed)) {
        continue;
      }
      waiter.failures++;
      boolean gone = waiter.bound ? failed.connections().length == 0 : hopeless;
      if (gone && waiter.failures >= allowed) {
        line.remove();
        left(waiter);
        waiter.fail(failed);
        after.wakes.add(waiter);
      }
    }
    matchIdle(after); // who avoided an endpoint may have no other choice now
  }

  /** Turns those away who are not to wait, as all endpoints that could serve them are down. */
  @GuardedBy("lock")
  void failFast(Effects after) {
    if (waiting == 0 || !options.health().failFast()) {
      return;
    }
    for (Lane lane : book.active()) {
      if (lane.boundWaiters > 0 && lane.health.isDown()) {
        Predicate<Waiter> stuck = waiter -> !waiter.mayPickAgain && waiter.isBoundTo(lane);
        decide(stuck, waiter -> waiter.fail(lane), after);
      }
    }
    Lane last = book.lastOfAllDown();
    if (last != null) {
      decide(waiter -> true, waiter -> waiter.fail(last), after);
    }
  }

  /** Shuts the line; returns how many were turned away. */
  @GuardedBy("lock") int shut(Effects after) {
    closed = true;
    int turnedAway = waiters.size();
    for (Waiter waiter : waiters) {
      waiter.fail(null);
      after.wakes.add(waiter);
    }
    waiters.clear();
    waiting = 0;
    return turnedAway;
  }

  // ---- figures ----

  @GuardedBy("lock")
  void countClosed(Lane lane, CloseReason reason) {
    lane.closed++;
    tally.countClosed(reason);
  }

  List<EndpointSnapshot> endpoints() {
    lock.lock();
    try {
      return Lanes.snapshots(book.active());
    } finally {
      lock.unlock();
    }
  }
}
