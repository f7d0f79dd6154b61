package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.PoolOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is done from time to time, as a function of now that returns when to run next.
 *
 * <p>It closes what is idle, old or dead, keeps the minimum filled, dials failing endpoints when
 * their backoff is over, and looks after leases. A connection that was used within the last second
 * is left alone, so that a busy pool never meets its housekeeper, unless a dial to its endpoint has
 * just failed.
 *
 * @param <C> the kind of connection
 */
public final class Upkeep<C extends Pooled> {

  /** The longest time between two runs while there is a connection. */
  static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** One idle connection in this many is checked for life per sweep. */
  private static final int CHECK_EVERY = 5;

  private static final long MAX_DIAL_WAIT_NANOS = 20_000_000;

  private final Engine<C> engine;
  private final Ledger ledger;
  private final Dials<C> dials;
  private final Closings<C> closings;
  private final Checks<C> checks;

  /**
   * Counts sweeps, so that each has its share of checks. Touched by the one thread that runs this.
   */
  private int sweeps;

  Upkeep(Engine<C> engine, Ledger ledger, Dials<C> dials, Closings<C> closings, Checks<C> checks) {
    this.engine = engine;
    this.ledger = ledger;
    this.dials = dials;
    this.closings = closings;
    this.checks = checks;
  }

  /** Names what is to be run when something becomes due earlier than the last run said. */
  public void onChange(Runnable alarm) {
    dials.alarm(alarm);
  }

  /**
   * Does what is due. Not for two threads at once. Returns when to run next, or {@code
   * Long.MAX_VALUE} if nothing will be due.
   */
  public long run(long now) {
    sweeps++;
    long next = Long.MAX_VALUE;
    for (Lane lane : ledger.lanes()) {
      next = Math.min(next, sweep(lane, now));
    }
    for (Lane lane : ledger.book().leaving()) {
      next = Math.min(next, sweep(lane, now)); // for leases that are lost
    }
    return Math.min(next, dial(now));
  }

  /**
   * Makes this many connections to every endpoint and waits for them. Throws when an endpoint fails
   * as often as calls may, or the time is up.
   */
  public void fill(int perEndpoint, long nanos) throws IOException {
    long deadline = engine.now() + nanos;
    while (true) {
      Effects after = new Effects();
      ledger.lock.lock();
      try {
        if (isFilled(perEndpoint, after)) {
          return;
        }
      } finally {
        ledger.lock.unlock();
      }
      closings.perform(after);
      awaitDial(deadline - engine.now());
      checkFilling(perEndpoint, deadline);
    }
  }

  /**
   * Waits a moment for the end of some dial: at most the time given, and at most until the next
   * backoff may be over.
   */
  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's, who looks at all lanes
  private void awaitDial(long nanos) throws InterruptedIOException {
    ledger.lock.lock();
    try {
      long unused = ledger.dialed.awaitNanos(Math.min(nanos, MAX_DIAL_WAIT_NANOS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while connecting");
    } finally {
      ledger.lock.unlock();
    }
  }

  /** Reserves what is missing; the lock is held. */
  private boolean isFilled(int perEndpoint, Effects after) {
    boolean filled = ledger.lanes().length > 0;
    for (Lane lane : ledger.lanes()) {
      int missing = perEndpoint - lane.connections().length;
      filled &= missing <= 0;
      for (int i = lane.dialing();
          i < missing && dials.reserveIfFree(lane, engine.now(), after);
          i++) {
        // each reservation counts as dialing
      }
    }
    return filled;
  }

  private void checkFilling(int perEndpoint, long deadline) throws IOException {
    boolean late = deadline - engine.now() <= 0;
    if (late && ledger.lanes().length == 0) {
      throw engine.noneFound();
    }
    for (Lane lane : ledger.lanes()) {
      boolean given = lane.failures >= ledger.options().retry().maxAttempts();
      if (lane.connections().length < perEndpoint && (late || given)) {
        throw engine.connectFailed(lane, lane.failures);
      }
    }
  }

  private long sweep(Lane lane, long now) {
    Pooled[] connections = lane.connections();
    if (connections.length == 0) {
      return Long.MAX_VALUE;
    }
    retireOld(lane, now);
    lane.lastUsed.gather();
    long maxIdle = ledger.options().maxIdle().toNanos();
    long quiet = maxIdle == 0 ? SWEEP_NANOS : Math.min(SWEEP_NANOS, maxIdle);
    long next = now + SWEEP_NANOS;
    boolean doubted = lane.doubted;
    lane.doubted = false;
    for (int i = connections.length - 1; i >= 0; i--) {
      Pooled connection = connections[i];
      connection.watch(now);
      if (!connection.isProven()) {
        dials.proveIfDue(connection, now);
      }
      if (doubted || now - connection.usedNanos() >= quiet) {
        tend(lane, connection, now, maxIdle, doubted);
      } else if (maxIdle > 0) {
        next = Math.min(next, connection.usedNanos() + maxIdle);
      }
    }
    return next;
  }

  /** Looks at one quiet connection, owning it for a moment. */
  private void tend(Lane lane, Pooled connection, long now, long maxIdle, boolean doubted) {
    if (!connection.claim()) {
      return;
    }
    long unused = now - connection.usedNanos();
    boolean surplus = lane.connections().length > ledger.options().minConnections();
    CloseReason reason = null;
    if (doubted || connection.id() % CHECK_EVERY == sweeps % CHECK_EVERY) {
      reason = engine.unfit(connection, now, Use.UPKEEP);
    }
    if (reason == null && maxIdle > 0 && unused >= maxIdle && surplus) {
      reason = CloseReason.IDLE;
    }
    if (reason != null) {
      closings.discard(connection, reason);
      return;
    }
    if (!doubted || unused >= SWEEP_NANOS) {
      connection.relax(now); // one that is busy keeps its buffers and its place in the lookout
    }
    if (!checks.takes(connection, now)) {
      engine.giveBack(connection, true);
    }
  }

  /**
   * Ends connections that have reached their lifetime, the replacement first where there is room
   * for it, else one at a time.
   */
  private void retireOld(Lane lane, long now) {
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      int minimum = ledger.options().minConnections();
      boolean full = isFull(lane);
      int replacements = 0;
      for (Pooled connection : lane.connections()) {
        if (!isOld(connection, now)) {
          continue;
        }
        boolean surplus = lane.connections().length > minimum;
        boolean changing = lane.closing > 0 || lane.dialing() > 0;
        if (surplus || (full && !changing)) {
          closings.retireLocked(connection, CloseReason.LIFETIME, after);
        } else if (!full && lane.dialing() < ++replacements) {
          dials.reserveIfFree(lane, now, after);
        }
        if (full) {
          break;
        }
      }
    } finally {
      ledger.lock.unlock();
    }
    closings.perform(after);
  }

  private static boolean isOld(Pooled connection, long now) {
    long expires = connection.expiresNanos();
    return expires != Long.MAX_VALUE && expires - now <= 0 && !connection.isRetiring();
  }

  /** Whether there is no room for a replacement; the lock is held. */
  private boolean isFull(Lane lane) {
    PoolOptions options = ledger.options();
    return lane.total() >= options.maxConnections()
        || ledger.total() >= options.maxTotalConnections();
  }

  /**
   * Dials what is due: for waiters, for the minimum, and to see whether a dead endpoint is back.
   */
  private long dial(long now) {
    long next = Long.MAX_VALUE;
    List<Lane> due = new ArrayList<>();
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      if (ledger.isClosed()) {
        return Long.MAX_VALUE;
      }
      next = checks.reserveLocked(now, due, after);
      next = Math.min(next, dials.health().tend(now, after));
      ledger.tally().tendBudget(now, ledger.book()::messages, ledger.options().retry().budget());
      dials.planLocked(null, after);
      for (Lane lane : ledger.lanes()) {
        next = Math.min(next, dial(lane, now, after));
      }
      next = Math.min(next, dials.nextLateNanos(now));
    } finally {
      ledger.lock.unlock();
    }
    closings.perform(after);
    checks.start(due);
    return next;
  }

  private long dial(Lane lane, long now, Effects after) {
    int minimum = ledger.options().minConnections();
    int open = lane.connections().length;
    int missing = minimum - open - lane.dialing();
    for (int i = 0; i < missing && dials.reserveIfFree(lane, now, after); i++) {
      // each reservation counts as dialing
    }
    if (lane.health.trial && !lane.hasIdle() && lane.isOpen()) {
      dials.reserveIfFree(lane, now, after);
    }
    if (lane.failures == 0) {
      return Long.MAX_VALUE;
    }
    if (open == 0) {
      dials.reserveIfFree(lane, now, after);
    }
    boolean wanted = open < Math.max(1, minimum) || ledger.waiting() > 0;
    if (!wanted || lane.dialing() > 0) {
      return Long.MAX_VALUE;
    }
    long due = dials.dueNanos(lane);
    return due - now > 0 ? due : now + SWEEP_NANOS; // overdue: every place is taken
  }
}
