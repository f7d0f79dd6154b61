package io.github.tcppool.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * One caller that waits for a connection.
 *
 * <pre>
 * state      meaning                         leaves it by
 * NEW        not in the line                 join
 * QUEUED     in the line, nothing decided    grant, fail (by others), leave (by itself)
 * GRANTED    owns a connection               never
 * FAILED     has a reason to give up         never
 * SHED       waited for too long             never
 * MOVED      its lane left or is not usable, never: its call picks again and joins anew
 *            or lanes came
 * GONE       timed out, interrupted, refused never
 * </pre>
 *
 * <p>All transitions happen under the engine's lock, so that a grant and a withdrawal cannot both
 * win. The waiting thread reads the volatile result without it.
 */
final class Waiter {

  /** The place of a waiter that has not been in the line yet. */
  static final long NEW = 0;

  /** Where to look first; null if there was no endpoint at all. */
  final @Nullable Lane preferred;

  final boolean bound;

  /** The lane that it would rather not have, because its call has just failed there; or null. */
  final @Nullable Lane avoided;

  final boolean full;
  private final Parker parker;

  /**
   * Whether its call may go elsewhere when its lane is not usable any more. Set before it joins.
   */
  boolean mayPickAgain;

  /** The lane that its call was moved away from last, or null. Set before it joins. */
  @Nullable Lane movedFrom;

  /** Dials that failed while it waited. Guarded by the engine's lock. */
  int failures;

  /** Given when it first joins; kept when it joins again, because what it was granted was dead. */
  private long place;

  /** Guarded by the engine's lock. */
  boolean queued;

  /** Whether the next one is known. Guarded by the engine's lock. */
  private boolean timed;

  private long sinceNanos;

  private volatile @Nullable Pooled granted;
  private volatile boolean failed;
  private volatile boolean moved;
  private volatile boolean shed;

  /**
   * The lane whose dials failed too often, or null if the pool was closed. Written before {@code
   * failed}.
   */
  private @Nullable Lane failedLane;

  /** A waiter with the place that its call already had in the line, or {@link #NEW}. */
  Waiter(
      @Nullable Lane preferred,
      boolean bound,
      @Nullable Lane avoided,
      boolean full,
      Parker parker,
      long place) {
    this.avoided = avoided;
    this.place = place;
    this.preferred = preferred;
    this.bound = bound;
    this.full = full;
    this.parker = parker;
  }

  /** Where it stands in the line: lower is earlier. Under the lock once it is in the line. */
  long place() {
    return place;
  }

  void place(long given) {
    place = given;
  }

  boolean accepts(Lane lane) {
    return bound ? lane == preferred : lane != avoided;
  }

  /** Whether it leaves connections to others that are behind it in the line. */
  boolean isChoosy() {
    return bound || avoided != null;
  }

  /** Under the lock; the caller then calls {@link #wake()} without it. */
  void grant(Pooled connection) {
    queued = false;
    granted = connection;
  }

  /** Under the lock; the caller then calls {@link #wake()} without it. */
  void fail(@Nullable Lane lane) {
    queued = false;
    failedLane = lane;
    failed = true;
  }

  /** As {@link #fail}: it has waited for too long, while the line stood. */
  void shed() {
    queued = false;
    shed = true;
  }

  /** Notes when it began to wait. */
  void waitsSince(long now) {
    timed = true;
    sinceNanos = now;
  }

  /** For how long it has waited; 0 where that is not known. */
  long waitedNanos(long now) {
    return timed ? now - sinceNanos : 0;
  }

  boolean isShed() {
    return shed;
  }

  void wake() {
    parker.wake();
  }

  /** As {@link #fail}: its call is to pick again. */
  void move() {
    queued = false;
    moved = true;
  }

  /** Whether it waits for one lane and no other. */
  boolean isBoundTo(Lane lane) {
    return bound && lane == preferred;
  }

  void sleep(long nanos) {
    parker.sleep(nanos);
  }

  @Nullable Pooled granted() {
    return granted;
  }

  @Nullable Lane failedLane() {
    return failedLane;
  }

  boolean isMoved() {
    return moved;
  }

  boolean isDecided() {
    return granted != null || failed || moved || shed;
  }
}
