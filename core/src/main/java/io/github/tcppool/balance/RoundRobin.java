package io.github.tcppool.balance;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Each usable endpoint in turn. The turn is an index that wraps, not a counter that overflows. */
final class RoundRobin implements Balancer {

  private final AtomicInteger turn = new AtomicInteger();

  @Override
  public int pick(Candidates candidates, @Nullable Object key) {
    int size = candidates.size();
    int first = next(size);
    if (candidates.isUsable(first)) {
      return first;
    }
    for (int tries = 1; tries < size; tries++) {
      int index = next(size);
      if (candidates.isUsable(index)) {
        return index;
      }
    }
    // All turns were taken in vain: one more, or the same endpoint is picked for ever.
    return next(size);
  }

  /** Takes the next turn, so that the share of an unusable endpoint goes to all others evenly. */
  private int next(int size) {
    while (true) {
      int current = turn.get();
      int index = current < size ? current : 0;
      if (turn.compareAndSet(current, index + 1 < size ? index + 1 : 0)) {
        return index;
      }
    }
  }
}
