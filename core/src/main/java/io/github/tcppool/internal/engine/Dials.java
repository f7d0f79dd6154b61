package io.github.tcppool.internal.engine;

import io.github.tcppool.Backoff;
import io.github.tcppool.CloseReason;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.FailureDetails;
import io.github.tcppool.HealthPolicy;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.internal.health.ProbePace;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes dials, and knows what their ends mean.
 *
 * <p>How many dials are wanted is worked out anew at every event by {@link DialPlan}. A dial
 * belongs to nobody: whoever asked for it may be long gone when it ends.
 *
 * <p>To an endpoint that fails there is one dial at a time, after a backoff: short while callers
 * wait, long while nobody does or others can serve them; never less than a second after TLS failed.
 * The failures are forgotten only when a connection has proved itself by bytes from the peer or by
 * a second of life, so a peer that accepts and closes keeps its backoff.
 *
 * @param <C> the kind of connection
 */
final class Dials<C extends Pooled> {

  private static final long PROVING_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Ledger ledger;
  private final Transport<C> transport;
  private final Executor workers;
  private final LongSupplier clock;

  /** Guarded by the ledger's lock. */
  private final RandomGenerator random;

  private final Closings<C> closings;
  private final DialPlan plan;
  private final Health health;

  /** Told when a dial becomes due earlier than anybody knew. Set once, before the first dial. */
  private volatile Runnable alarm = () -> {};

  Dials(
      Ledger ledger,
      Transport<C> transport,
      Executor workers,
      LongSupplier clock,
      RandomGenerator random,
      Closings<C> closings,
      EventSink events) {
    this.ledger = ledger;
    this.transport = transport;
    this.workers = workers;
    this.clock = clock;
    this.random = random;
    this.closings = closings;
    plan = new DialPlan(ledger, clock, closings);
    health = new Health(ledger, clock, random, events);
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
            + (attempts == 0 && lane.failures > 0 ? ", which is down" : afterSo(attempts))
            + (last == null ? "" : "; last failure: " + last.getMessage()),
        FailureDetails.notSent(attempts, lane.endpoint()),
        last);
  }

  private static String afterSo(int attempts) {
    return " after " + attempts + (attempts == 1 ? " attempt" : " attempts");
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
    if (plan.hasMoreToDo()) {
      alarm.run(); // sooner than housekeeping knew, now that somebody waits
    }
  }

  /** As plan; the lock is held. */
  void planLocked(@Nullable Lane first, Effects after) {
    ledger.moveStranded(after);
    plan.reserveLocked(first, after);
    ledger.failFast(after); // last: who does not wait for a dial has asked for it all the same
  }

  /** Plans anew if a lane is open further than before; the lock is held. */
  void planIfWiderLocked(Effects after) {
    if (after.wider && !ledger.isClosed()) {
      planLocked(null, after);
    }
  }

  /** Reserves one dial if nothing speaks against it; the lock is held. */
  boolean reserveIfFree(Lane lane, long now, Effects after) {
    return plan.reserveIfFree(lane, now, after);
  }

  /** When a failing lane may be dialed again. */
  long dueNanos(Lane lane) {
    return plan.dueNanos(lane);
  }

  /** When the plan may change although nothing happens; the lock is held. */
  long nextLateNanos(long now) {
    return plan.nextLateNanos(now);
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

  /**
   * Makes one connection to a lane that was picked and has none, or fewer than the one that served
   * the call in its place. Else whoever has the connections would keep the calls, and what joins
   * later would never get its share.
   */
  void warm(Lane lane, @Nullable Pooled served) {
    int below = served == null ? 1 : Math.max(1, served.lane().connections().length);
    long now = clock.getAsLong();
    if (!plan.seemsFree(lane, now)) {
      return; // or every call would take the lock for nothing
    }
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      if (lane.total() < below) {
        reserveIfFree(lane, now, after);
      }
    } finally {
      ledger.lock.unlock();
    }
    closings.perform(after);
  }

  // ---- dialing; no lock ----

  /** Starts a reserved dial. */
  void start(Dial dial) {
    try {
      workers.execute(() -> run(dial));
    } catch (Throwable t) { // no thread to be had: the dial has failed, whatever the reason
      failed(dial, asIoException(t), true);
    }
  }

  private void run(Dial dial) {
    long begun = clock.getAsLong();
    C connection;
    try {
      connection = transport.dial(dial.lane().endpoint(), ledger.options());
    } catch (LocalFaultException e) {
      failed(dial, e.reason(), true);
      return;
    } catch (VirtualMachineError | LinkageError e) { // memory; a class that could not be loaded
      failed(dial, asIoException(e), true);
      return;
    } catch (Throwable t) { // also errors: a place that is reserved must be given back
      failed(dial, asIoException(t), false);
      return;
    }
    succeeded(dial, connection, begun);
  }

  static IOException asIoException(Throwable t) {
    try {
      String told = "dial failed: " + t; // now, as later it is asked for under the lock
      return t instanceof IOException e ? e : new IOException(told, t);
    } catch (Throwable broken) { // a hook's own exception, which fails to tell what it is
      return new IOException("dial failed: " + t.getClass().getName());
    }
  }

  private void succeeded(Dial dial, C connection, long begun) {
    Lane lane = dial.lane();
    tellOpened(lane, connection, begun);
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      lane.endDial(dial);
      ledger.dialed.signalAll();
      lane.opened++;
      lane.health.dialed(true);
      lane.add(connection);
      health.look(lane, after);
      if (lane.blame == null) {
        lane.failures = 0; // only this machine had failed, which it does not any more
      }
      lane.pause(clock.getAsLong(), ledger.options().retry().backoff().delayNanos(1, random));
      settle(dial, connection, after);
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
  private void settle(Dial dial, C connection, Effects after) {
    Lane lane = dial.lane();
    if (ledger.isClosed()) {
      closings.retireLocked(connection, CloseReason.POOL_CLOSED, after);
    } else if (lane.evictions != dial.evictions()) {
      closings.retireLocked(connection, CloseReason.EVICTED, after);
    } else if (!lane.isActive()) {
      closings.retireLocked(connection, CloseReason.ENDPOINT_LEFT, after);
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

  private void failed(Dial dial, IOException cause, boolean local) {
    Lane lane = dial.lane();
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      lane.endDial(dial);
      ledger.dialed.signalAll();
      lane.dialFailures++;
      lane.health.dialed(false);
      countFailureLocked(lane, cause, local, after);
      planLocked(null, after);
      ledger.book().buryIfEmpty(lane);
      closings.signalIfEmptied();
    } finally {
      ledger.lock.unlock();
    }
    closings.perform(after);
    alarm.run();
  }

  /**
   * Notes a dial that failed, or an endpoint that closed a connection before it was of any use. The
   * lock is held.
   *
   * @param local whether this machine is to blame and not the endpoint
   */
  void countFailureLocked(Lane lane, IOException cause, boolean local, Effects after) {
    if (ledger.isClosed() || !lane.isActive()) {
      return;
    }
    long now = clock.getAsLong();
    lane.failures = Math.min(lane.failures, Integer.MAX_VALUE - 1) + 1;
    lane.lastFailure = cause;
    lane.failedAtNanos = now;
    if (!local) {
      lane.blame = cause;
      lane.doubted = true;
    }
    downIfNothingIsLeftLocked(lane, after);
    drawBackoff(lane);
    after.events.add(
        new PoolEvent.DialFailed(
            lane.endpoint(), cause, lane.failures, Duration.ofNanos(dueNanos(lane) - now)));
    ledger.moveStranded(after); // rather than to count what failed where they need not stay
    ledger.dialFailed(lane, after);
  }

  /**
   * An endpoint is down when its dials fail and no connection is left that has proved itself. The
   * lock is held.
   */
  void downIfNothingIsLeftLocked(Lane lane, Effects after) {
    IOException cause = lane.blame;
    if (cause != null && !lane.down && lane.isActive() && !lane.hasProven() && !ledger.isClosed()) {
      lane.down = true;
      lane.downSinceNanos = clock.getAsLong();
      health.tell(new PoolEvent.EndpointDown(lane.endpoint(), cause), after);
    }
    if (lane.down) {
      health.look(lane, after);
    }
  }

  private void drawBackoff(Lane lane) {
    Backoff busy = ledger.options().retry().backoff();
    HealthPolicy policy = ledger.options().health();
    lane.backOff(
        busy.delayNanos(lane.failures, random),
        ProbePace.nanos(
            policy.probeFirst().toNanos(), policy.probeMax().toNanos(), lane.failures, random));
  }

  /** Lets a new backoff hold for the wait that is under way, too; the lock is held. */
  void backoffChangedLocked() {
    for (Lane lane : ledger.lanes()) {
      if (lane.failures > 0 && lane.busyBackoffNanos > 0) {
        drawBackoff(lane);
      }
    }
  }

  /** The health of lanes. */
  Health health() {
    return health;
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
        lane.blame = null;
        lane.doubted = false;
        if (lane.down) {
          lane.down = false;
          long down = clock.getAsLong() - lane.downSinceNanos; // now is when the call began
          health.tell(new PoolEvent.EndpointUp(lane.endpoint(), Duration.ofNanos(down)), after);
          health.look(lane, after);
        }
        planLocked(null, after);
      }
    } finally {
      ledger.lock.unlock();
    }
    closings.perform(after);
  }
}
