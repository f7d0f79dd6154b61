package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.OverloadPolicy;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolOptions;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
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
    /** It would be served too late. */
    HOPELESS,
    CLOSED
  }

  final ReentrantLock lock = new ReentrantLock();

  /** Signalled when the last connection is gone. */
  final Condition emptied = lock.newCondition();

  /** Signalled when a dial has ended. */
  final Condition dialed = lock.newCondition();

  final Pauses pauses = new Pauses();

  private final Lanes book;

  private final Tally tally;

  @GuardedBy("lock") private final Line line = new Line();

  @GuardedBy("lock") private final Congestion congestion = new Congestion();

  private final LongSupplier clock;

  @GuardedBy("lock") private long nextId;

  /** Written under the lock. */
  private volatile boolean closed;

  /** Written under the lock. */
  private volatile PoolOptions options;

  Ledger(List<Endpoint> endpoints, PoolOptions options, LongSupplier clock) {
    this.options = options;
    this.clock = clock;
    tally = new Tally(lock, clock.getAsLong());
    book = new Lanes(endpoints, clock);
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

  @SuppressWarnings("GuardedBy") // the one question that the line answers to anyone
  int waiting() {
    return line.size();
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
  Entry enter(Waiter waiter, long leftNanos, Effects after) {
    lock.lock();
    try {
      if (closed) {
        return Entry.CLOSED;
      }
      if (!canServe(waiter.preferred)) {
        return Entry.MOVED;
      }
      if (waiter.preferred != null && waiter.preferred == waiter.movedFrom) {
        waiter.mayPickAgain &= !waiter.preferred.health.isClosed(); // it was picked all the same
      }
      boolean returns = waiter.place() != Waiter.NEW;
      line.join(waiter);
      matchIdle(after);
      if (!waiter.queued) {
        after.wakes.remove(waiter); // it is awake
        return Entry.GRANTED;
      }
      Entry entry = returns && leftNanos > 0 ? Entry.QUEUED : admit(leftNanos);
      if (entry == Entry.QUEUED) {
        queued(waiter);
      } else {
        line.leave(waiter);
      }
      return entry;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the last one in the line may stay there. */
  @GuardedBy("lock") private Entry admit(long leftNanos) {
    int ahead = line.size() - 1;
    if (leftNanos <= 0) {
      return Entry.NO_TIME;
    }
    if (ahead >= options.maxPending()) {
      return Entry.FULL;
    }
    boolean hopeless = options.overload().rejectsEarly() && congestion.isHopeless(ahead, leftNanos);
    return hopeless ? Entry.HOPELESS : Entry.QUEUED;
  }

  /** Whether a choice still stands: that of a lane, or of none because there was none. */
  @GuardedBy("lock") private boolean canServe(@Nullable Lane chosen) {
    return chosen == null ? book.active().length == 0 : chosen.isActive();
  }

  /** Lets those pick again who wait for this lane only. */
  @GuardedBy("lock")
  void moveBound(Lane lane, Effects after) {
    line.decide(waiter -> waiter.isBoundTo(lane), Waiter::move, after);
  }

  /** Lets those pick who found no lane to pick from. */
  @GuardedBy("lock")
  void moveHomeless(Effects after) {
    line.decide(waiter -> waiter.preferred == null, Waiter::move, after);
  }

  /** Lets those pick again who wait for nothing but a lane that is not usable, while another is. */
  @GuardedBy("lock")
  void moveStranded(Effects after) {
    for (Lane lane : book.active()) {
      if (lane.boundWaiters > 0 && lane.health.isClosed() && book.isAnyUsable()) {
        line.decide(waiter -> waiter.mayPickAgain && waiter.isBoundTo(lane), Waiter::move, after);
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
      line.leave(waiter);
      matchBehind(after);
      return true;
    } finally {
      lock.unlock();
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
    for (Waiter waiter : line) {
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
    line.leave(next);
    if (!next.full) {
      boolean unused = connection.dropReadHalf(); // never the last half
    }
    next.grant(connection);
    after.wakes.add(next);
    served(next, after);
    matchBehind(after);
    return true;
  }

  /** Serves those who need less than whoever has just left the line: a sender needs one half. */
  @GuardedBy("lock") private void matchBehind(Effects after) {
    if (line.hasSenders()) {
      matchIdle(after);
    }
  }

  /** Gives idle connections to waiters, in the order in which they came. */
  @GuardedBy("lock")
  void matchIdle(Effects after) {
    boolean heldBack = book.isAnyHeldBack(); // from all but those who may have nothing else
    Waiter last = null;
    for (Iterator<Waiter> walk = line.iterator(); walk.hasNext(); ) {
      Waiter waiter = walk.next();
      if (grantIdle(waiter)) {
        walk.remove();
        after.wakes.add(waiter);
        last = waiter;
      } else if (!waiter.isChoosy() && !heldBack) {
        break;
      }
    }
    if (last != null) {
      served(last, after);
    }
  }

  /** Notes when somebody begins to wait, where that is of interest. */
  @GuardedBy("lock") private void queued(Waiter waiter) {
    if (!options.overload().isNone()) {
      long now = clock.getAsLong();
      waiter.waitsSince(now);
      if (line.size() == 1) {
        congestion.began(now, options.overload());
      }
    }
  }

  /** Looks at how the line moves, and turns those away who have waited too long where it stands. */
  @GuardedBy("lock") private void served(Waiter waiter, Effects after) {
    OverloadPolicy policy = options.overload();
    if (policy.isNone()) {
      return;
    }
    long now = clock.getAsLong();
    long waited = waiter.waitedNanos(now);
    if (waited > 0 && congestion.served(now, waited, line.size(), policy)) {
      long most = 2 * policy.target().toNanos();
      line.decide(old -> old.waitedNanos(now) > most, Waiter::shed, after);
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
    for (Iterator<Waiter> walk = line.iterator(); walk.hasNext(); ) {
      Waiter waiter = walk.next();
      if (!wants(waiter, failed)) {
        continue;
      }
      waiter.failures++;
      boolean gone = waiter.bound ? failed.connections().length == 0 : hopeless;
      if (gone && waiter.failures >= allowed) {
        walk.remove();
        waiter.fail(failed);
        after.wakes.add(waiter);
      }
    }
    matchIdle(after); // who avoided an endpoint may have no other choice now
  }

  /** Turns those away who are not to wait, as all endpoints that could serve them are down. */
  @GuardedBy("lock")
  void failFast(Effects after) {
    if (line.size() == 0 || !options.health().failFast()) {
      return;
    }
    for (Lane lane : book.active()) {
      if (lane.boundWaiters > 0 && lane.health.isDown()) {
        Predicate<Waiter> stuck = waiter -> !waiter.mayPickAgain && waiter.isBoundTo(lane);
        line.decide(stuck, waiter -> waiter.fail(lane), after);
      }
    }
    Lane last = book.lastOfAllDown();
    if (last != null) {
      line.decide(waiter -> true, waiter -> waiter.fail(last), after);
    }
  }

  /** Shuts the line; returns how many were turned away. */
  @GuardedBy("lock") int shut(Effects after) {
    closed = true;
    int turnedAway = line.size();
    line.decide(waiter -> true, waiter -> waiter.fail(null), after);
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
      return book.snapshots(book.active());
    } finally {
      lock.unlock();
    }
  }
}
