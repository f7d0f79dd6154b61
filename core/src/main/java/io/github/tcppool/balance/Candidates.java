package io.github.tcppool.balance;

import io.github.tcppool.Endpoint;

/**
 * The endpoints that a {@link Balancer} chooses from, with what the pool knows of each.
 *
 * <p>A fixed list for the duration of one pick; the figures are read as they are asked for and may
 * move between two questions. Indices run from 0 to {@code size() - 1}.
 */
public interface Candidates {

  /** How many endpoints there are, at least 1. */
  int size();

  /** The endpoint itself, with its weight, priority and labels. */
  Endpoint endpoint(int index);

  /**
   * Whether calls may go there now: it is not known to be down. When none is usable, all are to be
   * treated as usable.
   */
  boolean isUsable(int index);

  /** Calls that hold a connection to it at this moment. */
  int leased(int index);

  /**
   * What it has been given to do and has not done yet: bytes that callers handed over and the
   * kernel has not taken, plus one per call that holds a connection. Grows while a peer does not
   * read.
   */
  long load(int index);

  /** Dials that failed in a row; 0 when it works. */
  int failures(int index);
}
