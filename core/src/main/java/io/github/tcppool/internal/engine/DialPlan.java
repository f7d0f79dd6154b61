package io.github.tcppool.internal.engine;

import io.github.tcppool.PoolOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many dials are wanted, and where to: worked out anew at every event from the waiters and the
 * dials under way. There is no queue of dials that could outlive its reason.
 *
 * <pre>
 * demand     waiters - dials under way to endpoints that work
 * late       of these dials, those that have lasted for {@value #LATE_MILLIS} ms
 *
 * each endpoint that fails     one dial, if none is under way and its backoff is over
 * each endpoint that works     in turn: a dial while demand > 0, the maximum permitting
 * each one without late dials  in turn: a dial while demand + late > 0, the maximum permitting
 * </pre>
 *
 * <p>So a connect that goes unanswered does not keep its waiter from the other endpoints, and no
 * endpoint gets more dials only because all are slow.
 */
final class DialPlan {

  /** A dial this old says little good of its endpoint. RFC 8305 has the same figure. */
  static final int LATE_MILLIS = 250;

  static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(LATE_MILLIS);

  private final Ledger ledger;
  private final LongSupplier clock;
  private final Closings<?> closings;

  DialPlan(Ledger ledger, LongSupplier clock, Closings<?> closings) {
    this.ledger = ledger;
    this.clock = clock;
    this.closings = closings;
  }

  // ---- all under the engine's lock ----

  /** Reserves the dials that the line of waiters calls for, the given lane first. */
  void reserveLocked(@Nullable Lane first, Effects after) {
    if (ledger.isClosed() || ledger.waiting() == 0) {
      return;
    }
    long now = clock.getAsLong();
    int demand = ledger.waiting();
    int late = 0;
    for (Lane lane : ledger.lanes()) {
      reserveOwn(lane, now, after);
      // A bound waiter can be served by its own lane only, so it is no reason to dial elsewhere.
      demand -= lane.boundWaiters;
      if (lane.failures == 0) {
        demand -= Math.max(0, lane.dialing() - lane.boundWaiters);
        late += Math.max(0, lateDials(lane, now) - lane.boundWaiters);
      }
    }
    spread(first, demand, demand + late, now, after);
  }

  /** What a lane must have whatever the others have. */
  private void reserveOwn(Lane lane, long now, Effects after) {
    while (lane.boundWaiters > lane.dialing() && mayDial(lane, now)) {
      reserve(lane, now, after);
    }
    if (lane.failures > 0 && mayDial(lane, now)) {
      reserve(lane, now, after);
    }
    makeRoom(lane, now, after);
  }

  /** Those who are bound to this lane must not wait for idle connections of other lanes to age. */
  private void makeRoom(Lane lane, long now, Effects after) {
    PoolOptions options = ledger.options();
    int wanted = lane.boundWaiters - lane.dialing();
    if (wanted <= 0 || mayDial(lane, now) || !hasPlace(lane, now)) {
      return;
    }
    int places =
        Math.min(
            options.maxConnections() - lane.total(),
            lane.failures > 0 ? 1 : options.maxDials() - lane.dialing());
    closings.surplus().makeRoom(lane, Math.min(wanted, places), after);
  }

  /**
   * Dials in turn: {@code anywhere} of them where they may, in all {@code fresh} where none is
   * late.
   */
  private void spread(@Nullable Lane first, int anywhere, int fresh, long now, Effects after) {
    int more = anywhere;
    int moreFresh = fresh;
    if (first != null && mayDialFor(first, more, moreFresh, now)) {
      reserve(first, now, after);
      more--;
      moreFresh--;
    }
    boolean found = true;
    while (found) {
      found = false;
      for (Lane lane : ledger.lanes()) {
        if (mayDialFor(lane, more, moreFresh, now)) {
          reserve(lane, now, after);
          more--;
          moreFresh--;
          found = true;
        }
      }
    }
  }

  private boolean mayDialFor(Lane lane, int anywhere, int fresh, long now) {
    return fresh > 0
        && lane.failures == 0
        && lane.isOpen()
        && (anywhere > 0 || lateDials(lane, now) == 0)
        && mayDial(lane, now);
  }

  private static int lateDials(Lane lane, long now) {
    return lane.dialsSince(now - LATE_NANOS);
  }

  /** Reserves one dial if nothing speaks against it. */
  boolean reserveIfFree(Lane lane, long now, Effects after) {
    if (ledger.isClosed() || !mayDial(lane, now)) {
      return false;
    }
    reserve(lane, now, after);
    return true;
  }

  /** Whether nothing speaks against a dial, as far as can be seen without the lock. */
  boolean seemsFree(Lane lane, long now) {
    return mayDial(lane, now);
  }

  private static void reserve(Lane lane, long now, Effects after) {
    after.dials.add(lane.beginDial(now));
  }

  private boolean mayDial(Lane lane, long now) {
    return ledger.total() < ledger.options().maxTotalConnections() && hasPlace(lane, now);
  }

  /** Whether the lane itself has nothing against one more dial. */
  private boolean hasPlace(Lane lane, long now) {
    PoolOptions options = ledger.options();
    int most = options.maxConnections();
    if (lane.boundWaiters == 0) { // who waits for no other lane would be held back for nothing
      most = lane.health.most(lane, most);
    }
    if (!lane.isActive() || lane.total() >= most || lane.dialing() >= options.maxDials()) {
      return false;
    }
    return lane.failures == 0 || (lane.dialing() == 0 && dueNanos(lane) - now <= 0);
  }

  // ---- when ----

  /** When a failing lane may be dialed again. */
  long dueNanos(Lane lane) {
    return lane.failedAtNanos + (isWanted(lane) ? lane.busyBackoffNanos : lane.quietBackoffNanos);
  }

  /** Whether somebody waits for whom there is no other endpoint. */
  private boolean isWanted(Lane lane) {
    if (ledger.waiting() == 0 || lane.boundWaiters > 0) {
      return ledger.waiting() > 0;
    }
    for (Lane other : ledger.lanes()) {
      boolean serves = other.failures == 0 || other.connections().length > 0;
      if (other != lane && serves && other.isOpen()) {
        return false;
      }
    }
    return true;
  }

  /** When the next dial will be late while somebody waits, {@code Long.MAX_VALUE} if none will. */
  long nextLateNanos(long now) {
    long next = Long.MAX_VALUE;
    if (ledger.waiting() > 0 && ledger.lanes().length > 1) {
      for (Lane lane : ledger.lanes()) {
        next = Math.min(next, lane.nextToLast(LATE_NANOS, now));
      }
    }
    return next;
  }

  /** Whether something may become due that housekeeping does not know of; without the lock. */
  boolean hasMoreToDo() {
    Lane[] lanes = ledger.lanes();
    for (Lane lane : lanes) {
      if (lane.failures > 0 || (lanes.length > 1 && lane.dialing() > 0)) {
        return true;
      }
    }
    return false;
  }
}
