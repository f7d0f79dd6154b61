package io.github.tcppool.balance;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The usable endpoint that costs least: of all where up to four are usable, otherwise of two that
 * are drawn at random. Of two that cost the same, the one picked less often within the last second
 * is taken, so that a lone caller who finds all of them idle spreads too.
 *
 * <p>Two random choices are nearly as good as a look at all (M. Mitzenmacher, "The Power of Two
 * Choices in Randomized Load Balancing", 2001), and callers who look at the same moment do not all
 * run to the same endpoint.
 */
abstract class LowestCost implements Balancer {

  private static final int FULL_SCAN = 4;

  /** What it costs to go there, in any unit. */
  abstract double cost(Candidates candidates, int index);

  @Override
  public final int pick(Candidates candidates, @Nullable Object key) {
    return pick(candidates, Usable.of(candidates), Usable.ANY);
  }

  /** Picks among those of one priority, or of {@linkplain Usable#ANY any}. */
  final int pick(Candidates candidates, long usable, int priority) {
    int count = Usable.count(candidates, usable, priority, FULL_SCAN + 1);
    if (count == 0) {
      return Usable.drawFromAll(candidates);
    }
    if (count <= FULL_SCAN) {
      return cheapest(candidates, usable, priority);
    }
    int one = Usable.draw(candidates, usable, priority, Usable.NONE);
    int other = Usable.draw(candidates, usable, priority, one);
    if (one == Usable.NONE || other == Usable.NONE) {
      return one == Usable.NONE ? Usable.drawFromAll(candidates) : one;
    }
    double cost = cost(candidates, one);
    return isCheaper(candidates, other, cost(candidates, other), one, cost) ? other : one;
  }

  /** Begins anywhere, so that not all callers of one moment find the same one first. */
  private int cheapest(Candidates candidates, long usable, int priority) {
    int size = candidates.size();
    int start = ThreadLocalRandom.current().nextInt(size);
    int best = Usable.NONE;
    double lowest = 0;
    for (int step = 0; step < size; step++) {
      int index = start + step < size ? start + step : start + step - size;
      if (Usable.has(candidates, usable, priority, index)) {
        double cost = cost(candidates, index);
        if (best == Usable.NONE || isCheaper(candidates, index, cost, best, lowest)) {
          best = index;
          lowest = cost;
        }
      }
    }
    return best == Usable.NONE ? start : best;
  }

  private static boolean isCheaper(
      Candidates candidates, int index, double cost, int best, double lowest) {
    return cost < lowest
        || (cost == lowest && candidates.picksPerSecond(index) < candidates.picksPerSecond(best));
  }
}
