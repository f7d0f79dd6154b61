package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.HealthCheck;
import io.github.tcppool.Heartbeat;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers whether they are well: by health checks over connections of their own, and by
 * heartbeats over those that nobody uses. Housekeeping says when; a worker asks.
 *
 * @param <C> the kind of connection
 */
final class Checks<C extends Pooled> {

  /** One of so many connections to an endpoint may be busy with a heartbeat. */
  private static final int PART = 8;

  private final Engine<C> engine;
  private final Ledger ledger;
  private final Transport<C> transport;
  private final Executor workers;
  private final LongSupplier clock;
  private final RandomGenerator random;
  private final Health health;
  private final Dials<C> dials;
  private final Closings<C> closings;

  Checks(
      Engine<C> engine,
      Ledger ledger,
      Transport<C> transport,
      Executor workers,
      LongSupplier clock,
      RandomGenerator random,
      Dials<C> dials,
      Closings<C> closings) {
    this.engine = engine;
    this.ledger = ledger;
    this.transport = transport;
    this.workers = workers;
    this.clock = clock;
    this.random = random;
    this.health = dials.health();
    this.dials = dials;
    this.closings = closings;
  }

  // ---- health checks ----

  /**
   * Reserves the checks that are due; the lock is held. Returns when the next one will be, {@code
   * Long.MAX_VALUE} if none will.
   */
  long reserveLocked(long now, List<Lane> due, Effects after) {
    HealthCheck check = ledger.options().health().check();
    long next = Long.MAX_VALUE;
    for (Lane lane : ledger.lanes()) {
      LaneHealth state = lane.health;
      if (check == null) {
        health.forgetChecks(lane, after);
      } else if (!state.checking && (!state.asked || state.nextCheckNanos - now <= 0)) {
        state.checking = true;
        state.checks.begun();
        due.add(lane);
      } else if (!state.checking) {
        next = Math.min(next, state.nextCheckNanos);
      }
    }
    return next;
  }

  /** Starts the checks reserved; without the lock. */
  void start(List<Lane> due) {
    for (Lane lane : due) {
      try {
        workers.execute(() -> check(lane));
      } catch (Throwable t) { // no thread to be had, which tells nothing of the endpoint
        checked(lane, false, null);
      }
    }
  }

  private void check(Lane lane) {
    HealthCheck check = ledger.options().health().check();
    IOException failure = null;
    boolean told = false;
    try {
      if (check != null && !ledger.isClosed()) {
        transport.check(lane.endpoint(), ledger.options(), check);
        told = true;
      }
    } catch (LocalFaultException | VirtualMachineError | LinkageError e) {
      failure = null; // it tells nothing of the endpoint
    } catch (Throwable t) { // also what the user's ping throws
      told = true;
      failure = Dials.asIoException(t);
    }
    checked(lane, told, failure);
  }

  /**
   * Notes how a check went.
   *
   * @param told whether it tells anything of the endpoint
   */
  private void checked(Lane lane, boolean told, @Nullable IOException failure) {
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      HealthCheck check = ledger.options().health().check();
      lane.health.checking = false;
      lane.health.asked = true;
      if (check != null && lane.isActive() && !ledger.isClosed()) {
        long interval = check.interval().toNanos();
        long jitter = random.nextLong(interval / 5 + 1) - interval / 10;
        lane.health.nextCheckNanos = clock.getAsLong() + interval + jitter;
        if (told) {
          health.checked(lane, failure, check, after);
        }
        dials.planIfWiderLocked(after);
      }
    } finally {
      ledger.lock.unlock();
    }
    closings.perform(after);
    dials.ring();
  }

  // ---- heartbeats ----

  /**
   * Whether an unused connection that the caller owns is to be asked now; then it is asked, and
   * given back or closed by a worker.
   */
  boolean takes(Pooled connection, long now) {
    Heartbeat heartbeat = ledger.options().health().heartbeat();
    if (heartbeat == null || !isDue(connection, heartbeat, now)) {
      return false;
    }
    Lane lane = connection.lane();
    if (lane.beating.get() >= Math.max(1, lane.connections().length / PART)) {
      return false;
    }
    CloseReason unfit = engine.unfit(connection, now, Use.UPKEEP);
    if (unfit != null) {
      closings.discard(connection, unfit);
      return true;
    }
    if (!connection.mayBeAsked()) {
      return false; // something has come in between, which is no answer
    }
    connection.askedNanos(now);
    lane.beating.incrementAndGet();
    try {
      workers.execute(() -> beat(connection, heartbeat));
    } catch (Throwable t) { // no thread to be had: another time
      lane.beating.decrementAndGet();
      engine.giveBack(connection, true);
    }
    return true;
  }

  private static boolean isDue(Pooled connection, Heartbeat heartbeat, long now) {
    long idle = heartbeat.idle().toNanos();
    return now - connection.usedNanos() >= idle
        && now - connection.askedNanos() >= idle
        && connection.mayBeAsked();
  }

  private void beat(Pooled connection, Heartbeat heartbeat) {
    Throwable failure = null;
    try {
      transport.ask(engine.cast(connection), heartbeat);
    } catch (Throwable t) { // also what the user's ping throws
      failure = t;
    }
    connection.lane().beating.decrementAndGet();
    if (failure == null) {
      if (!connection.isProven()) {
        dials.proveIfDue(connection, clock.getAsLong());
      }
      engine.giveBack(connection, true);
    } else if (tellsOfEndpoint(failure)) {
      engine
          .results()
          .blame(connection.lane(), Dials.asIoException(failure), connection.askedNanos());
      closings.discard(connection, CloseReason.NO_HEARTBEAT);
    } else {
      closings.discard(connection, CloseReason.NO_HEARTBEAT);
    }
  }

  /** A peer may close what nobody uses; not to answer, or wrongly, is another thing. */
  private static boolean tellsOfEndpoint(Throwable failure) {
    return failure instanceof IOException
        && !(failure instanceof SocketException)
        && !(failure instanceof EOFException)
        && !(failure instanceof LocalFaultException);
  }
}
