package io.github.tcppool;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a pool. New kinds may come: a listener passes over those it does not
 * know.
 */
public interface PoolEvent {

  /** A connection was made and its hook, if any, had run. */
  record ConnectionOpened(Endpoint endpoint, long connectionId, Duration took)
      implements PoolEvent {}

  /** A connection left the pool; {@code messages} counts the messages and leases it had served. */
  record ConnectionClosed(
      Endpoint endpoint, long connectionId, CloseReason reason, Duration age, long messages)
      implements PoolEvent {}

  /** A dial failed; the next one to this endpoint waits for {@code backoff}. */
  record DialFailed(Endpoint endpoint, IOException cause, int failuresInRow, Duration backoff)
      implements PoolEvent {}

  /** An endpoint that worked, or was new, does not any more. */
  record EndpointDown(Endpoint endpoint, IOException cause) implements PoolEvent {}

  /** The pool goes on in another way with an endpoint; {@code reason} is for people. */
  record HealthChanged(Endpoint endpoint, EndpointHealth from, EndpointHealth to, String reason)
      implements PoolEvent {}

  /** A health check of an endpoint was bad; {@code inRow} counts them since the last good one. */
  record HealthCheckFailed(Endpoint endpoint, IOException cause, int inRow) implements PoolEvent {}

  /** An endpoint that was down works again. */
  record EndpointUp(Endpoint endpoint, Duration downFor) implements PoolEvent {}

  /** An endpoint was found that the pool did not have. */
  record EndpointJoined(Endpoint endpoint, RefreshReason reason) implements PoolEvent {}

  /**
   * An endpoint was not found any more: it gets no new calls, and its connections end, those that
   * are leased when they are returned.
   */
  record EndpointLeft(Endpoint endpoint, RefreshReason reason) implements PoolEvent {}

  /** An endpoint has another weight or priority, or other labels; its connections stay. */
  record EndpointChanged(Endpoint before, Endpoint after, RefreshReason reason)
      implements PoolEvent {}

  /**
   * The endpoints were looked for: {@code found} of them, or {@code failure} says why the pool goes
   * on with those it had.
   */
  record EndpointsRefreshed(
      RefreshReason reason, int found, @Nullable Throwable failure, Duration took)
      implements PoolEvent {}

  /**
   * A lease is out for longer than {@link PoolOptions#leakThreshold()}, or was lost: its socket was
   * garbage collected without having been closed. {@code leasedAt} is the stack of the borrower if
   * the threshold was set when it leased.
   */
  record LeaseLeaked(
      Endpoint endpoint,
      long connectionId,
      Duration heldFor,
      boolean collected,
      @Nullable Throwable leasedAt)
      implements PoolEvent {}

  /** A message or request was sent again on another connection, because that was safe. */
  record MessageResent(Endpoint endpoint, int attempt, IOException cause) implements PoolEvent {}

  /** The options were changed while in use. */
  record OptionsUpdated(PoolOptions before, PoolOptions after) implements PoolEvent {}

  /** The pool was closed. */
  record PoolClosed(CloseReport report) implements PoolEvent {}
}
