package io.github.tcppool.balance;

/** The endpoint that is likely to answer first; see {@link Balancer#fastest()}. */
final class Fastest extends LowestCost {

  static final Fastest INSTANCE = new Fastest();

  /** Above what any measured endpoint costs, and small enough that one call more still counts. */
  private static final double UNKNOWN_NANOS = 1e15;

  private Fastest() {}

  @Override
  double cost(Candidates candidates, int index) {
    int outstanding = candidates.outstanding(index);
    long roundTrip = candidates.roundTripNanos(index);
    if (roundTrip == 0) {
      return outstanding == 0 ? 0 : UNKNOWN_NANOS + outstanding; // one trial, and no second beside
    }
    return (double) roundTrip * (outstanding + 1);
  }
}
