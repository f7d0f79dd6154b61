package io.github.tcppool.balance;

/** The usable endpoint with the least load; see {@link Balancer#leastLoaded()}. */
final class LeastLoaded extends LowestCost {

  static final LeastLoaded INSTANCE = new LeastLoaded();

  private LeastLoaded() {}

  @Override
  double cost(Candidates candidates, int index) {
    return candidates.load(index);
  }
}
