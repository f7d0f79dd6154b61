package io.github.tcppool.internal.engine;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Whose turn it is among the connections of a lane. Takes no lock. */
final class Rotation {

  /** How many claims look for connections that have fallen behind, after the last lost turn. */
  private static final int LOOKS = 64;

  /** By how many turns a connection must be behind to be preferred. */
  private static final int NOTICEABLE = 8;

  /** The most turns that are made up for, so that a connection that was stuck is not flooded. */
  private static final int MOST_MADE_UP = 4096;

  /** How many connections are compared; with more, shares even out by themselves. */
  private static final int MOST_COMPARED = 64;

  /** Whose turn it is: an index that wraps, never a counter that overflows. */
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * How many more claims look for connections that have fallen behind; a hint, which costs a plain
   * read as long as no turn is lost.
   */
  private int contended;

  /** The most turns that a connection has had, as far as is known; a hint. */
  private long mostTurns;

  /** A new connection has nothing to make up for. Under the engine's lock. */
  void join(Pooled connection) {
    connection.turns(mostTurns);
  }

  /**
   * The connection whose turn it is. One that is busy loses this turn, and the next turn is taken,
   * not the neighbour: so a stuck connection's share goes to all others evenly. One that has fallen
   * behind is preferred as soon as it is free: so the shares stay even although the scheduler may
   * hold up a sender, and with it a connection, for thousands of turns.
   */
  @Nullable Pooled claim(Pooled[] all, boolean full) {
    int looks = contended;
    if (looks > 0) {
      contended = looks - 1;
      Pooled behind = claimBehind(all, full);
      if (behind != null) {
        return behind;
      }
    }
    for (int tries = 0; tries < all.length; tries++) {
      Pooled connection = all[nextTurn(all.length)];
      if (connection.claim(full)) {
        return hadTurn(connection);
      }
      contended = LOOKS;
    }
    Pooled any = claimAny(all, full);
    return any == null ? null : hadTurn(any);
  }

  /** The free connection that has had the fewest turns, if it is noticeably behind. */
  private @Nullable Pooled claimBehind(Pooled[] all, boolean full) {
    Pooled last = null;
    long fewest = mostTurns - NOTICEABLE;
    for (int i = 0; i < all.length && i < MOST_COMPARED; i++) {
      Pooled connection = all[i];
      if (connection.turns() < fewest && connection.isIdle()) {
        last = connection;
        fewest = connection.turns();
      }
    }
    if (last == null || !last.claim(full)) {
      return null;
    }
    contended = LOOKS;
    return hadTurn(last);
  }

  /** Counts a turn of a connection that the caller owns now. */
  private Pooled hadTurn(Pooled connection) {
    long had = Math.max(connection.turns(), mostTurns - MOST_MADE_UP) + 1;
    connection.turns(had);
    if (had > mostTurns) {
      mostTurns = had;
    }
    return connection;
  }

  private int nextTurn(int size) {
    while (true) {
      int current = turn.getPlain();
      int mine = current < size ? current : 0;
      if (turn.weakCompareAndSetVolatile(current, mine + 1 < size ? mine + 1 : 0)) {
        return mine;
      }
    }
  }

  /** The first that is free. */
  static @Nullable Pooled claimAny(Pooled[] all, boolean full) {
    for (Pooled connection : all) {
      if (connection.claim(full)) {
        return connection;
      }
    }
    return null;
  }
}
