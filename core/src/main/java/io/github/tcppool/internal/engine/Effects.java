package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.PoolEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * What has to be done as soon as the lock is free again: wake, dial, close, tell. Used by one
 * thread.
 */
final class Effects {

  /** A connection that the thread has marked closed and taken from its lane. */
  record Closing(Pooled connection, CloseReason reason) {}

  final List<Waiter> wakes = new ArrayList<>(2);
  final List<Dial> dials = new ArrayList<>(2);
  final List<Closing> closes = new ArrayList<>(2);
  final List<PoolEvent> events = new ArrayList<>(2);

  /** Events that have their place among all already; see {@link EventSink#lineUp}. */
  final List<PoolEvent> linedUp = new ArrayList<>(2);

  /** Whether a lane is open further than before, so that dials are to be planned anew. */
  boolean wider;
}
