package io.github.tcppool.balance;

import org.jspecify.annotations.Nullable;

/** Any usable endpoint with the same probability; see {@link Balancer#random()}. */
final class RandomPick implements Balancer {

  static final RandomPick INSTANCE = new RandomPick();

  private RandomPick() {}

  @Override
  public int pick(Candidates candidates, @Nullable Object key) {
    int drawn = Usable.draw(candidates, Usable.of(candidates), Usable.ANY, Usable.NONE);
    return drawn == Usable.NONE ? Usable.drawFromAll(candidates) : drawn;
  }
}
