package io.github.tcppool.internal.engine;

import io.github.tcppool.Backoff;
import io.github.tcppool.CloseReason;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.FailureDetails;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When to dial which endpoint, and what a dial's end means.
 *
 * <p>How many dials are wanted is worked out anew at every event, from the waiters and the dials
 * under way; there is no queue of dials that could outlive its reason. A dial belongs to nobody:
 * whoever asked for it may be long gone when it ends.
 *
 * <p>To an endpoint that fails there is one dial at a time, after a backoff: short while callers
 * wait, up to ten seconds while nobody does. The failures are forgotten only when a connection has
 * proved itself by bytes from the peer or by a second of life, so a peer that accepts and closes
 * keeps its backoff.
 *
 * @param <C> the kind of connection
 */
final class Dials<C extends Pooled> {

  private static final long PROVING_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration QUIET_MAX = Duration.ofSeconds(10);

  private final Ledger ledger;
  private final Transport<C> transport;
  private final Executor workers;
  private final LongSupplier clock;

  /** Guarded by the ledger's lock. */
  private final RandomGenerator random;

  private final Closings<C> closings;

  /** Told when a dial becomes due earlier than anybody knew. Set once, before the first dial. */
  private volatile Runnable alarm = () -> {};

  Dials(
      Ledger ledger,
      Transport<C> transport,
      Executor workers,
      LongSupplier clock,
      RandomGenerator random,
      Closings<C> closings) {
    this.ledger = ledger;
    this.transport = transport;
    this.workers = workers;
    this.clock = clock;
    this.random = random;
    this.closings = closings;
  }

  void alarm(Runnable onChange) {
    alarm = onChange;
  }

  static ConnectFailedException connectFailed(String name, Lane lane, int attempts) {
    IOException last = lane.lastFailure;
    return new ConnectFailedException(
        name
            + ": no connection to "
            + lane.endpoint()
            + " after "
            + attempts
            + (attempts == 1 ? " attempt" : " attempts")
            + (last == null ? "" : "; last failure: " + last.getMessage()),
        FailureDetails.notSent(attempts, lane.endpoint()),
        last);
  }

  // ---- planning ----

  /** Reserves the dials that the line of waiters calls for, the given lane first. */
  void plan(@Nullable Lane first, Effects after) {
    ledger.lock.lock();
    try {
      planLocked(first, after);
    } finally {
      ledger.lock.unlock();
    }
    for (Lane lane : ledger.lanes()) {
      if (lane.failures > 0) {
        alarm.run(); // its next dial is due sooner now that somebody waits
        return;
      }
    }
  }

  /** As plan; the lock is held. */
  void planLocked(@Nullable Lane first, Effects after) {
    if (ledger.isClosed() || ledger.waiting() == 0) {
      return;
    }
    long now = clock.getAsLong();
    Lane[] lanes = ledger.lanes();
    int demand = ledger.waiting();
    for (Lane lane : lanes) {
      while (lane.boundWaiters > lane.dialing() && mayDial(lane, now)) {
        reserve(lane, after);
      }
      if (lane.failures > 0 && mayDial(lane, now)) {
        reserve(lane, after);
      }
      makeRoom(lane, now, after);
      // A bound waiter can be served by its own lane only, so it is no reason to dial elsewhere.
      demand -= lane.boundWaiters;
      demand -= lane.failures == 0 ? Math.max(0, lane.dialing() - lane.boundWaiters) : 0;
    }
    if (first != null && demand > 0 && first.failures == 0 && mayDial(first, now)) {
      reserve(first, after);
      demand--;
    }
    boolean more = true;
    while (more && demand > 0) {
      more = false;
      for (Lane lane : lanes) {
        if (demand > 0 && lane.failures == 0 && mayDial(lane, now)) {
          reserve(lane, after);
          demand--;
          more = true;
        }
      }
    }
  }

  /** Reserves one dial if nothing speaks against it; the lock is held. */
  boolean reserveIfFree(Lane lane, long now, Effects after) {
    if (ledger.isClosed() || !mayDial(lane, now)) {
      return false;
    }
    reserve(lane, after);
    return true;
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

  private boolean mayDial(Lane lane, long now) {
    return ledger.total() < ledger.options().maxTotalConnections() && hasPlace(lane, now);
  }

  /** Whether the lane itself has nothing against one more dial. */
  private boolean hasPlace(Lane lane, long now) {
    PoolOptions options = ledger.options();
    if (lane.total() >= options.maxConnections() || lane.dialing() >= options.maxDials()) {
      return false;
    }
    return lane.failures == 0 || (lane.dialing() == 0 && dueNanos(lane) - now <= 0);
  }

  /** Has housekeeping run soon. */
  void ring() {
    alarm.run();
  }

  /** Whether some lane has fewer connections than it should; the lock is held. */
  boolean isBelowMinimum() {
    int minimum = ledger.options().minConnections();
    for (Lane lane : ledger.lanes()) {
      if (lane.connections().length + lane.dialing() < minimum) {
        return !ledger.isClosed();
      }
    }
    return false;
  }

  /** When a failing lane may be dialed again. */
  long dueNanos(Lane lane) {
    boolean wanted = ledger.waiting() > 0;
    return lane.failedAtNanos + (wanted ? lane.busyBackoffNanos : lane.quietBackoffNanos);
  }

  private static void reserve(Lane lane, Effects after) {
    lane.addDialing(1);
    after.dials.add(lane);
  }

  /**
   * Makes a first connection to a lane that was picked and has none; the caller goes elsewhere
   * meanwhile.
   */
  void warm(Lane lane) {
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      if (lane.total() == 0) {
        reserveIfFree(lane, clock.getAsLong(), after);
      }
    } finally {
      ledger.lock.unlock();
    }
    closings.perform(after);
  }

  // ---- dialing; no lock ----

  /** Starts a reserved dial. */
  void start(Lane lane) {
    try {
      workers.execute(() -> run(lane));
    } catch (Throwable t) { // no thread to be had: the dial has failed, whatever the reason
      failed(lane, asIoException(t));
    }
  }

  private void run(Lane lane) {
    long begun = clock.getAsLong();
    C connection;
    try {
      connection = transport.dial(lane.endpoint(), ledger.options());
    } catch (Throwable t) { // also errors: a place that is reserved must be given back
      failed(lane, asIoException(t));
      return;
    }
    succeeded(lane, connection, begun);
  }

  private static IOException asIoException(Throwable t) {
    try {
      String told = "dial failed: " + t; // now, as later it is asked for under the lock
      return t instanceof IOException e ? e : new IOException(told, t);
    } catch (Throwable broken) { // a hook's own exception, which fails to tell what it is
      return new IOException("dial failed: " + t.getClass().getName());
    }
  }

  private void succeeded(Lane lane, C connection, long begun) {
    tellOpened(lane, connection, begun);
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      lane.addDialing(-1);
      ledger.dialed.signalAll();
      lane.opened++;
      lane.add(connection);
      lane.busyBackoffNanos = 0;
      lane.quietBackoffNanos = 0;
      settle(lane, connection, after);
      planLocked(null, after);
    } finally {
      ledger.lock.unlock();
    }
    closings.perform(after);
    alarm.run();
  }

  /** Before anybody can have the connection: else its close could be told before its opening. */
  private void tellOpened(Lane lane, C connection, long begun) {
    Effects opened = new Effects();
    ledger.lock.lock();
    try {
      long now = clock.getAsLong();
      connection.place(lane, ledger.nextId(), now, expiry(now));
      opened.events.add(
          new PoolEvent.ConnectionOpened(
              lane.endpoint(), connection.id(), Duration.ofNanos(now - begun)));
    } finally {
      ledger.lock.unlock();
    }
    closings.perform(opened);
  }

  /** A new connection goes to a waiter, or is idle, or is not wanted any more. */
  private void settle(Lane lane, C connection, Effects after) {
    if (ledger.isClosed()) {
      closings.retireLocked(connection, CloseReason.POOL_CLOSED, after);
    } else if (lane.total() > ledger.options().maxConnections()
        || ledger.total() > ledger.options().maxTotalConnections()) {
      closings.retireLocked(connection, CloseReason.SHRUNK, after);
    } else if (ledger.grantOwned(connection, after)) {
      return;
    }
    if (connection.release(true)) {
      closings.takeOut(connection, connection.retireReason(), after);
    } else {
      connection.freed();
      ledger.matchIdle(after);
    }
  }

  private long expiry(long now) {
    long life = ledger.options().maxLifetime().toNanos();
    return life == 0 ? Long.MAX_VALUE : now + life - random.nextLong(life / 10 + 1);
  }

  private void failed(Lane lane, IOException cause) {
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      lane.addDialing(-1);
      ledger.dialed.signalAll();
      lane.dialFailures++;
      countFailureLocked(lane, cause, after);
      planLocked(null, after);
      closings.signalIfEmptied();
    } finally {
      ledger.lock.unlock();
    }
    closings.perform(after);
    alarm.run();
  }

  /**
   * Notes that an endpoint failed: by a dial, or by closing a connection before it was of any use.
   * The lock is held.
   */
  void countFailureLocked(Lane lane, IOException cause, Effects after) {
    if (ledger.isClosed()) {
      return;
    }
    long now = clock.getAsLong();
    if (lane.failures == 0) {
      lane.downSinceNanos = now;
      after.events.add(new PoolEvent.EndpointDown(lane.endpoint(), cause));
    }
    int failures = Math.min(lane.failures, Integer.MAX_VALUE - 1) + 1;
    lane.failures = failures;
    lane.lastFailure = cause;
    lane.failedAtNanos = now;
    drawBackoff(lane);
    after.events.add(
        new PoolEvent.DialFailed(
            lane.endpoint(), cause, failures, Duration.ofNanos(dueNanos(lane) - now)));
    ledger.dialFailed(lane, after);
  }

  private void drawBackoff(Lane lane) {
    Backoff busy = ledger.options().retry().backoff();
    Duration cap = busy.max().compareTo(QUIET_MAX) > 0 ? busy.max() : QUIET_MAX;
    lane.busyBackoffNanos = busy.delayNanos(lane.failures, random);
    lane.quietBackoffNanos = new Backoff(busy.first(), cap).delayNanos(lane.failures, random);
  }

  /** Lets a new backoff hold for the wait that is under way, too; the lock is held. */
  void backoffChangedLocked() {
    for (Lane lane : ledger.lanes()) {
      if (lane.failures > 0 && lane.busyBackoffNanos > 0) {
        drawBackoff(lane);
      }
    }
  }

  // ---- proof ----

  /** Forgets the failures of an endpoint whose connection has answered or lived for a second. */
  void proveIfDue(Pooled connection, long now) {
    if (connection.bytesRead() == 0 && now - connection.openedNanos() < PROVING_NANOS) {
      return;
    }
    connection.setProven();
    Lane lane = connection.lane();
    if (lane.failures == 0) {
      return;
    }
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      if (lane.failures > 0) {
        lane.failures = 0;
        long down = clock.getAsLong() - lane.downSinceNanos; // now is when the call began
        after.events.add(new PoolEvent.EndpointUp(lane.endpoint(), Duration.ofNanos(down)));
        planLocked(null, after);
      }
    } finally {
      ledger.lock.unlock();
    }
    closings.perform(after);
  }
}
