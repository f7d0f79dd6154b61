package io.github.tcppool.internal.engine;

import io.github.tcppool.EndpointHealth;
import io.github.tcppool.HealthSnapshot;
import io.github.tcppool.internal.health.Ramp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the health of one lane. The states and their transitions stand in {@code
 * docs/design/health.md}; {@link Health} makes them.
 *
 * <p>Everything is guarded by the engine's lock but what says otherwise.
 */
final class LaneHealth {

  /** Open to everybody. */
  static final int OPEN = 1000;

  /** Open to nobody. */
  static final int CLOSED = 0;

  /** Open to one call at a time; what is between {@link #CLOSED} and {@link #OPEN} is a share. */
  static final int ONE = -1;

  /** How far it is open. Guarded for writing; every pick reads it. */
  private volatile int admission = OPEN;

  /** Whether a call that succeeds would change anything. Guarded for writing. */
  private volatile boolean suspect;

  /** What a share has saved up, in thousandths of a call; a hint, without the lock. */
  private int credit;

  EndpointHealth state = EndpointHealth.UP;
  String reason = "nothing is known against it";
  long sinceNanos;

  /** Whether its half-open state follows an ejection. */
  boolean trial;

  /** What was leased when the trial began. Guarded for writing; null while there is none. */
  private volatile @Nullable Before before;

  /** Whether a connection had been made before it went down. */
  boolean wasUp;

  int failuresInRow;
  long failedCalls;
  long lastFailedNanos;

  int timesEjected;
  long ejections;
  long untilNanos;
  long reopenedNanos;

  // Health checks.
  boolean checking;

  /** Whether a check has ended, told it anything or not. */
  boolean asked;

  boolean failing;
  boolean wasGood;
  int goodChecks;
  int badChecks;
  long nextCheckNanos;
  final CheckTotals checks = new CheckTotals();

  // As of the last judgement.
  long judgedCalls;
  long judgedFailed;
  int slowSeconds;

  // ---- without the lock ----

  /** Whether a pick may choose it; a share says yes in as many of a thousand questions. */
  boolean admits(Lane lane) {
    int open = admission;
    if (open == OPEN) {
      return true;
    }
    return open > CLOSED ? hasCredit(open) : isOpen(lane, 0);
  }

  /** Evenly spread, so that a share is exact over a few calls. */
  private boolean hasCredit(int share) {
    int saved = credit + share;
    credit = saved >= OPEN ? saved - OPEN : saved;
    return saved >= OPEN;
  }

  /** Whether it may serve a call that finds nothing elsewhere. */
  boolean isOpen(Lane lane, int owned) {
    int open = admission;
    return open == ONE ? leasedInTrial(lane) <= owned : open != CLOSED;
  }

  /** Leases that may last for hours must not keep the trial from being made. */
  private int leasedInTrial(Lane lane) {
    Before held = before;
    return held == null ? lane.leased() : held.leasedSince(lane);
  }

  boolean isClosed() {
    return admission == CLOSED;
  }

  /** The part of the most connections that may exist, 0 to 1. */
  double share() {
    int open = admission;
    return open == ONE ? 0 : (double) open / OPEN;
  }

  /** How many connections may exist of so many that are allowed. */
  int most(Lane lane, int allowed) {
    int open = admission;
    if (open == OPEN || open == CLOSED) {
      return allowed;
    }
    int heldBefore = open == ONE ? lane.leased() - leasedInTrial(lane) : 0;
    return Math.min(allowed, Ramp.connections(share(), allowed) + heldBefore);
  }

  boolean isSuspect() {
    return suspect;
  }

  // ---- under the lock ----

  /** Opens it so far; true if that is further than before. */
  boolean opensTo(int changed) {
    int before = admission;
    if (before != changed) {
      admission = changed;
    }
    return width(changed) > width(before);
  }

  private static int width(int admission) {
    return admission == ONE ? 1 : admission;
  }

  void suspect(boolean changed) {
    suspect = changed;
  }

  boolean isDown() {
    return state == EndpointHealth.DOWN;
  }

  /** A dial has ended; to a lane that is down it was a probe. */
  void dialed(boolean connected) {
    if (isDown()) {
      checks.probed(connected);
    }
  }

  /** Neither down, nor failing, nor ejected. */
  boolean isPresent() {
    return !isDown() && !failing && state != EndpointHealth.EJECTED;
  }

  void beginTrial(Lane lane) {
    trial = true;
    suspect = true;
    before = new Before(lane);
  }

  void endTrial() {
    trial = false;
    before = null;
  }

  /** Whether a call that began at this moment tells nothing of the trial under way. */
  boolean isOlderThanTrial(long startedNanos) {
    return trial && startedNanos - sinceNanos < 0;
  }

  /** What is shown: checks that fail stand above everything but an endpoint that is down. */
  EndpointHealth shown() {
    return failing && !isDown() ? EndpointHealth.FAILING : state;
  }

  /**
   * The connections that were in use at a moment. One of them is still in that use as long as it
   * was not returned since; a return notes its time, so nothing has to be done then.
   */
  private static final class Before {
    private final Pooled[] held;
    private final long[] usedNanos;

    Before(Lane lane) {
      held =
          Arrays.stream(lane.connections())
              .filter(connection -> !connection.isIdle())
              .toArray(Pooled[]::new);
      usedNanos = Arrays.stream(held).mapToLong(Pooled::usedNanos).toArray();
    }

    int leasedSince(Lane lane) {
      int leased = 0;
      for (Pooled connection : lane.connections()) {
        leased += connection.isIdle() || isHeldStill(connection) ? 0 : 1;
      }
      return leased;
    }

    private boolean isHeldStill(Pooled connection) {
      for (int i = 0; i < held.length; i++) {
        if (held[i] == connection) {
          return usedNanos[i] == connection.usedNanos();
        }
      }
      return false;
    }
  }

  HealthSnapshot snapshot(long now) {
    return new HealthSnapshot(
        shown(),
        reason,
        Math.max(0, share()),
        failuresInRow,
        failedCalls,
        ejections,
        badChecks,
        checks.snapshot(now));
  }
}
