package io.github.tcppool.balance;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The usable endpoint with the least load; a full comparison up to four endpoints, two random
 * choices above.
 */
final class LeastLoaded implements Balancer {

  private static final int FULL_SCAN = 4;

  /**
   * Where ties are broken from: the next endpoint in turn, so that a lone sequential caller spreads
   * too.
   */
  private final RoundRobin turns = new RoundRobin();

  @Override
  public int pick(Candidates candidates, @Nullable Object key) {
    int size = candidates.size();
    int start = turns.pick(candidates, key);
    if (size > FULL_SCAN) {
      return lighterOf(candidates, start, otherThan(start, size));
    }
    int best = start;
    for (int step = 1; step < size; step++) {
      best = lighterOf(candidates, best, (start + step) % size);
    }
    return best;
  }

  private static int otherThan(int index, int size) {
    int drawn = ThreadLocalRandom.current().nextInt(size - 1);
    return drawn < index ? drawn : drawn + 1;
  }

  /** The first one wins a tie. */
  private static int lighterOf(Candidates candidates, int first, int second) {
    if (!candidates.isUsable(second)) {
      return first;
    }
    if (!candidates.isUsable(first)) {
      return second;
    }
    return candidates.load(second) < candidates.load(first) ? second : first;
  }
}
