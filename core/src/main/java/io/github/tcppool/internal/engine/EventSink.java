package io.github.tcppool.internal.engine;

import io.github.tcppool.PoolEvent;

/** Where events go. May be any code of the user's, but for {@link #lineUp}. */
@FunctionalInterface
public interface EventSink {

  /** Something happened. No lock is held. */
  void accept(PoolEvent event);

  /**
   * Gives an event its place among all such, under the engine's lock, so that two threads cannot
   * tell of two changes in the wrong order. Returns at once; {@link #linedUp} follows without the
   * lock.
   */
  default void lineUp(PoolEvent event) {}

  /** An event that has its place may be told. No lock is held. */
  default void linedUp(PoolEvent event) {
    accept(event);
  }
}
