package io.github.tcppool.internal.engine;

import io.github.tcppool.EndpointHealth;
import io.github.tcppool.HealthCheck;
import io.github.tcppool.HealthPolicy;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.internal.health.Ejections;
import io.github.tcppool.internal.health.Ramp;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Changes the health of lanes, by the table in {@code docs/design/health.md}. All of it is done
 * under the ledger's lock.
 */
final class Health {

  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Ledger ledger;
  private final LongSupplier clock;
  private final RandomGenerator random;
  private final EventSink events;
  private final Judge judge;

  Health(Ledger ledger, LongSupplier clock, RandomGenerator random, EventSink events) {
    this.events = events;
    this.ledger = ledger;
    this.clock = clock;
    this.random = random;
    judge = new Judge(this, clock.getAsLong());
  }

  private HealthPolicy policy() {
    return ledger.options().health();
  }

  // ---- what happened ----

  /** To be called whenever a lane went down or came up, or its connections came or went. */
  void look(Lane lane, Effects after) {
    LaneHealth health = lane.health;
    boolean reachable = lane.connections().length > 0;
    if (lane.down && !reachable && health.state != EndpointHealth.DOWN) {
      health.wasUp = lane.opened > 0;
      change(lane, EndpointHealth.DOWN, "no connection: " + messageOf(lane.blame), after);
    } else if (lane.down && reachable && health.state != EndpointHealth.HALF_OPEN) {
      lookAtUnproven(lane, after);
    } else if (!lane.down && isAwaitingProof(health)) {
      reopen(lane, health.wasUp, "a connection has proved itself", after);
    }
  }

  private void lookAtUnproven(Lane lane, Effects after) {
    if (lane.health.state == EndpointHealth.EJECTED) {
      return; // it has time to prove itself
    }
    lane.health.endTrial();
    change(lane, EndpointHealth.HALF_OPEN, "no connection has proved itself yet", after);
  }

  private static boolean isAwaitingProof(LaneHealth health) {
    return health.state == EndpointHealth.DOWN
        || (health.state == EndpointHealth.HALF_OPEN && !health.trial);
  }

  private static String messageOf(@Nullable IOException cause) {
    String message = cause == null ? null : cause.getMessage();
    return message == null ? String.valueOf(cause) : message;
  }

  /**
   * A call failed on a connection of this lane, and neither this machine nor an interrupt was the
   * cause.
   *
   * @param startedNanos when it got the connection
   */
  void callFailed(Lane lane, IOException cause, long startedNanos, Effects after) {
    LaneHealth health = lane.health;
    if (health.isOlderThanTrial(startedNanos)) {
      health.failedCalls++;
      return;
    }
    long now = clock.getAsLong();
    boolean first = health.failedCalls == 0 || startedNanos - health.lastFailedNanos >= 0;
    health.failedCalls++;
    if (first || cause instanceof SocketTimeoutException) {
      health.failuresInRow++;
      health.lastFailedNanos = now;
    }
    health.suspect(true);
    int limit = policy().failuresInRow();
    if (health.trial) {
      eject(lane, "the trial failed: " + messageOf(cause), after);
    } else if (limit > 0 && health.failuresInRow >= limit) {
      eject(lane, health.failuresInRow + " calls in a row failed: " + messageOf(cause), after);
    }
  }

  /**
   * A call succeeded on a lane that was under suspicion.
   *
   * @param startedNanos when it got the connection
   */
  void callSucceeded(Lane lane, long startedNanos, Effects after) {
    LaneHealth health = lane.health;
    if (health.isOlderThanTrial(startedNanos)) {
      return;
    }
    health.failuresInRow = 0;
    health.suspect(false);
    if (health.state == EndpointHealth.HALF_OPEN && health.trial) {
      reopen(lane, true, "the trial succeeded", after);
    }
  }

  /** Lets nobody come here for a while, unless too many are ejected already. */
  void eject(Lane lane, String why, Effects after) {
    LaneHealth health = lane.health;
    long base = policy().ejection().toNanos();
    if (base == 0 || !lane.isActive() || !health.isPresent() || !mayEject(lane)) {
      return;
    }
    long now = clock.getAsLong();
    long open = health.trial ? 0 : now - health.reopenedNanos;
    health.timesEjected = Ejections.next(health.timesEjected, open, base);
    health.untilNanos = now + Ejections.nanos(base, health.timesEjected, random);
    health.ejections++;
    health.endTrial();
    health.slowSeconds = 0;
    change(lane, EndpointHealth.EJECTED, why, after);
  }

  private boolean mayEject(Lane candidate) {
    int ejected = 0;
    for (Lane lane : ledger.lanes()) {
      boolean out = lane.health.state == EndpointHealth.EJECTED || lane.health.trial;
      ejected += out && lane != candidate ? 1 : 0;
    }
    return Ejections.mayEject(ejected, ledger.lanes().length);
  }

  private void reopen(Lane lane, boolean slowly, String why, Effects after) {
    reopenAs(lane, lane.health.shown(), slowly, why, after);
  }

  private void reopenAs(Lane lane, EndpointHealth from, boolean slowly, String why, Effects after) {
    LaneHealth health = lane.health;
    health.endTrial();
    health.failuresInRow = 0;
    health.suspect(false);
    health.reopenedNanos = clock.getAsLong();
    health.sinceNanos = clock.getAsLong();
    boolean ramp = slowly && policy().slowStart().toNanos() > 0;
    health.state = ramp ? EndpointHealth.SLOW_START : EndpointHealth.UP;
    tell(lane, from, why, after);
  }

  private void change(Lane lane, EndpointHealth to, String why, Effects after) {
    LaneHealth health = lane.health;
    EndpointHealth from = health.shown();
    health.state = to;
    health.sinceNanos = clock.getAsLong();
    tell(lane, from, why, after);
  }

  /** Tells of a change that shows. Checks that fail hide what happens behind them. */
  private void tell(Lane lane, EndpointHealth from, String why, Effects after) {
    EndpointHealth shown = lane.health.shown();
    if (shown != from) {
      lane.health.reason = why;
      tell(new PoolEvent.HealthChanged(lane.endpoint(), from, shown, why), after);
    }
    openAll(after);
  }

  /** Tells of a change to an endpoint, in the order of all these changes. */
  void tell(PoolEvent event, Effects after) {
    events.lineUp(event);
    after.linedUp.add(event);
  }

  // ---- checks ----

  /** A health check is over; without a failure it was good. */
  void checked(Lane lane, @Nullable IOException failure, HealthCheck check, Effects after) {
    LaneHealth health = lane.health;
    health.checks.told(failure, clock.getAsLong());
    if (failure == null) {
      health.badChecks = 0;
      health.goodChecks = Math.min(health.goodChecks, Integer.MAX_VALUE - 1) + 1;
      if (health.failing && health.goodChecks >= (health.wasGood ? check.rise() : 1)) {
        failing(lane, false, "it passes its checks again", after);
      }
      health.wasGood = true;
    } else {
      health.goodChecks = 0;
      health.badChecks = Math.min(health.badChecks, Integer.MAX_VALUE - 1) + 1;
      tell(new PoolEvent.HealthCheckFailed(lane.endpoint(), failure, health.badChecks), after);
      if (!health.failing && health.badChecks >= (health.wasGood ? check.fall() : 1)) {
        failing(lane, true, "checks fail: " + messageOf(failure), after);
      }
    }
  }

  /** Nobody asks any more. */
  void forgetChecks(Lane lane, Effects after) {
    LaneHealth health = lane.health;
    health.goodChecks = 0;
    health.badChecks = 0;
    health.asked = false;
    health.wasGood = false;
    if (health.failing) {
      failing(lane, false, "it is not checked any more", after);
    }
  }

  private void failing(Lane lane, boolean fails, String why, Effects after) {
    LaneHealth health = lane.health;
    EndpointHealth from = health.shown();
    health.failing = fails;
    if (!fails && health.state == EndpointHealth.UP) {
      reopenAs(lane, from, health.wasGood, why, after);
    } else {
      tell(lane, from, why, after);
    }
  }

  // ---- time ----

  /** What is due; returns when to look again, {@code Long.MAX_VALUE} if nothing will be due. */
  long tend(long now, Effects after) {
    long next = Long.MAX_VALUE;
    for (Lane lane : ledger.lanes()) {
      next = Math.min(next, tend(lane, now, after));
    }
    judge.judge(ledger.lanes(), policy(), now, after);
    openAll(after); // shares grow, and lanes may have come or gone
    return next;
  }

  private long tend(Lane lane, long now, Effects after) {
    LaneHealth health = lane.health;
    if (health.state == EndpointHealth.EJECTED) {
      if (health.untilNanos - now > 0) {
        return health.untilNanos;
      }
      health.beginTrial(lane);
      change(lane, EndpointHealth.HALF_OPEN, "its ejection is over", after);
    }
    if (health.state != EndpointHealth.SLOW_START) {
      return Long.MAX_VALUE;
    }
    long end = health.sinceNanos + policy().slowStart().toNanos();
    if (end - now > 0) {
      return Math.min(end, now + STEP_NANOS);
    }
    change(lane, EndpointHealth.UP, "it has warmed up", after);
    return Long.MAX_VALUE;
  }

  // ---- how far lanes are open ----

  /** Says how far each lane is open; who waits may have what was held back from him. */
  void openAll(Effects after) {
    int present = 0;
    int warming = 0;
    int up = 0;
    for (Lane lane : ledger.lanes()) {
      present += lane.health.isPresent() ? 1 : 0;
      up += lane.health.shown() == EndpointHealth.UP ? 1 : 0;
      warming += lane.health.shown() == EndpointHealth.SLOW_START ? 1 : 0;
    }
    boolean wider = false;
    boolean panic = Ejections.isPanic(present, ledger.lanes().length);
    long now = clock.getAsLong();
    for (Lane lane : ledger.lanes()) {
      int open = admission(lane.health, now, panic, up > 0, up + warming > 0);
      wider |= lane.health.opensTo(open);
    }
    after.wider |= wider;
    if (wider && ledger.waiting() > 0) {
      ledger.matchIdle(after);
    }
  }

  private int admission(
      LaneHealth health, long now, boolean panic, boolean othersUp, boolean othersServe) {
    return switch (health.shown()) {
      case UP -> LaneHealth.OPEN;
      case SLOW_START -> othersUp ? share(health, now) : LaneHealth.OPEN;
      case HALF_OPEN -> othersServe ? LaneHealth.ONE : LaneHealth.OPEN;
      case EJECTED, FAILING -> panic ? LaneHealth.OPEN : LaneHealth.CLOSED;
      case DOWN -> LaneHealth.CLOSED;
    };
  }

  private int share(LaneHealth health, long now) {
    long window = policy().slowStart().toNanos();
    double share = Ramp.share(now - health.sinceNanos, Math.max(1, window));
    return (int) Math.max(1, Math.min(LaneHealth.OPEN, share * LaneHealth.OPEN));
  }
}
