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
   * treated as usable. To be asked once per endpoint and pick, as the answers may differ.
   */
  boolean isUsable(int index);

  /** Calls that hold a connection to it at this moment. Costs a read per connection. */
  int leased(int index);

  /**
   * Calls that hold a connection to it, or wait for this endpoint and no other. Costs a read per
   * connection.
   */
  int outstanding(int index);

  /**
   * What it has been given to do and has not done yet: one per {@linkplain #outstanding call} plus
   * the bytes that callers handed over and the kernel has not taken. Grows while a peer does not
   * read. Costs a read per connection.
   */
  long load(int index);

  /** How often it was picked within the last second, about. */
  double picksPerSecond(int index);

  /**
   * How long exchanges with it take, in nanoseconds; 0 while that is not known. An average that
   * forgets exponentially, to 1/e in ten seconds, and rises at once to a time above it. While
   * nothing is measured it sinks, and after 40 seconds it is not known any more. Measured from the
   * moment when the call has its connection to its reply, over exchanges only: how long a lease
   * lasts says nothing of the endpoint, and a {@code send} has no reply.
   */
  long roundTripNanos(int index);

  /**
   * The moment of the pick by the pool's clock, which has the origin of {@link System#nanoTime};
   * give or take a millisecond.
   */
  long nanoTime();

  /** Dials that failed in a row; 0 when it works. */
  int failures(int index);
}
