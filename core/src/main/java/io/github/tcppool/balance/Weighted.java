package io.github.tcppool.balance;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Each endpoint as often as its weight says; see {@link Balancer#weighted()}.
 *
 * <p>An endpoint that is not usable loses its turn, and the next turn is taken: so the others keep
 * their proportions exactly. Only where nearly all weight is not usable, chance decides instead of
 * a long search.
 */
final class Weighted implements Balancer {

  private volatile Period period = Period.NONE;

  @Override
  public int pick(Candidates candidates, @Nullable Object key) {
    Period current = period;
    if (!current.isOf(candidates)) {
      current = Period.of(candidates);
      period = current; // of two who change it at once one wins, and nothing is lost
    }
    for (int tries = 2 * candidates.size(); tries > 0; tries--) {
      int index = current.next();
      if (candidates.isUsable(index)) {
        return index;
      }
    }
    int drawn = draw(candidates, Usable.of(candidates));
    return drawn == Usable.NONE ? current.next() : drawn;
  }

  /** One that is usable, with a probability by its weight. */
  private static int draw(Candidates candidates, long usable) {
    long seen = 0;
    int kept = Usable.NONE;
    for (int i = candidates.size() - 1; i >= 0; i--) {
      if (Usable.has(candidates, usable, i)) {
        int weight = candidates.endpoint(i).weight();
        seen += weight;
        kept = ThreadLocalRandom.current().nextLong(seen) < weight ? i : kept;
      }
    }
    return kept;
  }
}
