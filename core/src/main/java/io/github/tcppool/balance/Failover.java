package io.github.tcppool.balance;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The lowest priority that is fit to carry the calls; see {@link Balancer#failover()}. */
final class Failover implements Balancer {

  static final Failover INSTANCE = new Failover();

  /** How much more than its share a usable endpoint can carry. */
  private static final double OVERPROVISIONING = 1.4;

  private Failover() {}

  @Override
  public int pick(Candidates candidates, @Nullable Object key) {
    long usable = Usable.of(candidates);
    int first = nextPriority(candidates, -1);
    double fit = fitness(candidates, usable, first);
    if (fit >= 1) {
      return LeastLoaded.INSTANCE.pick(candidates, usable, first);
    }
    int priority = drawPriority(candidates, usable, first, fit);
    return LeastLoaded.INSTANCE.pick(candidates, usable, priority);
  }

  /** Which priority a call goes to, where the first one cannot carry all of them. */
  private static int drawPriority(
      Candidates candidates, long usable, int first, double fitnessOfFirst) {
    double sum = fitnessOfFirst;
    for (int p = nextPriority(candidates, first); p >= 0 && sum < 1; ) {
      sum += fitness(candidates, usable, p);
      p = nextPriority(candidates, p);
    }
    double drawn = ThreadLocalRandom.current().nextDouble() * Math.min(1, sum);
    int priority = first;
    double below = fitnessOfFirst;
    while (drawn >= below) {
      int next = nextPriority(candidates, priority);
      if (next < 0) {
        break;
      }
      priority = next;
      below += fitness(candidates, usable, priority);
    }
    return sum == 0 ? Usable.ANY : priority;
  }

  /** The part of all calls that the endpoints of a priority can carry, at most 1. */
  private static double fitness(Candidates candidates, long usable, int priority) {
    int all = 0;
    for (int i = candidates.size() - 1; i >= 0; i--) {
      all += candidates.endpoint(i).priority() == priority ? 1 : 0;
    }
    return Math.min(1, OVERPROVISIONING * Usable.count(candidates, usable, priority, all) / all);
  }

  /** The lowest priority above this one; -1 if there is none. */
  private static int nextPriority(Candidates candidates, int after) {
    int next = Integer.MAX_VALUE;
    boolean found = false;
    for (int i = candidates.size() - 1; i >= 0; i--) {
      int priority = candidates.endpoint(i).priority();
      if (priority > after && priority <= next) {
        next = priority;
        found = true;
      }
    }
    return found ? next : -1;
  }

  @Override
  public boolean isBinding() {
    return true;
  }
}
