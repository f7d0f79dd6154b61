package io.github.tcppool.balance;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Any usable endpoint with the same probability. */
final class RandomPick implements Balancer {

  static final RandomPick INSTANCE = new RandomPick();

  private RandomPick() {}

  @Override
  public int pick(Candidates candidates, @Nullable Object key) {
    int size = candidates.size();
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int first = random.nextInt(size);
    if (candidates.isUsable(first)) {
      return first;
    }
    return nthUsable(candidates, size, first, random);
  }

  /**
   * Draws once more among the usable ones only, so that no neighbour inherits a dead endpoint's
   * share.
   */
  private static int nthUsable(
      Candidates candidates, int size, int first, ThreadLocalRandom random) {
    int usable = 0;
    for (int i = 0; i < size; i++) {
      if (candidates.isUsable(i)) {
        usable++;
      }
    }
    if (usable == 0) {
      return first;
    }
    int rank = random.nextInt(usable);
    for (int i = 0; i < size; i++) {
      if (candidates.isUsable(i) && rank-- == 0) {
        return i;
      }
    }
    return first;
  }
}
