package io.github.tcppool.balance;

import org.jspecify.annotations.Nullable;

/** Each endpoint as often as its weight says; see {@link Balancer#weighted()}. */
final class Weighted implements Balancer {

  private volatile Period period = Period.NONE;

  @Override
  public int pick(Candidates candidates, @Nullable Object key) {
    Period current = period;
    boolean all = Usable.count(candidates, Usable.ANY) == 0;
    if (!current.isOf(candidates, all)) {
      current = Period.of(candidates, all);
      period = current; // of two who change it at once one wins, and nothing is lost
    }
    return current.next();
  }
}
