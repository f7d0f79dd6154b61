package io.github.tcppool.balance;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The order in which endpoints of given weights take turns until each has had its share, and whose
 * turn it is.
 *
 * <p>The order is that of stride scheduling, worked out once: an endpoint of weight w among weights
 * that add up to W has a stride of W / w; its turn number j may not come before (j - 1) strides and
 * is due at j strides; of those that may come, the one due first does. So after any number of turns
 * each endpoint has had less than one turn more than its quota, and less than one turn less (S.
 * Baruah et al., "Proportionate Progress", 1996).
 */
final class Period {

  /** The longest period; where weights add up to more, they are rounded to fit. */
  static final int MAX_TURNS = 16_384;

  static final Period NONE = new Period(new int[0], new char[0]);

  private final int[] weights;
  private final char[] order;

  /** An index that wraps, not a counter that overflows. */
  private final AtomicInteger turn = new AtomicInteger();

  private Period(int[] weights, char[] order) {
    this.weights = weights;
    this.order = order;
  }

  /** The period of these candidates. */
  static Period of(Candidates candidates) {
    int[] weights = new int[candidates.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = candidates.endpoint(i).weight();
    }
    return new Period(weights, order(reduced(weights)));
  }

  /** Whether nothing has changed that it was made from. */
  boolean isOf(Candidates candidates) {
    if (weights.length != candidates.size()) {
      return false;
    }
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] != candidates.endpoint(i).weight()) {
        return false;
      }
    }
    return true;
  }

  /** Takes the next turn. */
  int next() {
    while (true) {
      int current = turn.get();
      if (turn.compareAndSet(current, current + 1 < order.length ? current + 1 : 0)) {
        return order[current];
      }
    }
  }

  // ---- the order ----

  /** The same shares in the smallest numbers, and not too large ones. */
  static int[] reduced(int[] weights) {
    long sum = 0;
    int divisor = 0;
    for (int weight : weights) {
      sum += weight;
      divisor = greatestCommonDivisor(weight, divisor);
    }
    int[] reduced = new int[weights.length];
    for (int i = 0; i < weights.length; i++) {
      boolean fits = sum / divisor <= MAX_TURNS;
      long rounded = Math.max(1, Math.round((double) weights[i] * MAX_TURNS / sum));
      reduced[i] = (int) (fits ? weights[i] / divisor : rounded);
    }
    return reduced;
  }

  private static int greatestCommonDivisor(int one, int other) {
    return other == 0 ? one : greatestCommonDivisor(other, one % other);
  }

  private static char[] order(int[] weights) {
    long sum = 0;
    for (int weight : weights) {
      sum += weight;
    }
    char[] order = new char[(int) sum];
    int[] had = new int[weights.length];
    for (int turn = 0; turn < sum; turn++) {
      int next = next(weights, sum, had, turn);
      had[next]++;
      order[turn] = (char) next;
    }
    return order;
  }

  private static int next(int[] weights, long sum, int[] had, int turn) {
    int best = -1;
    long earliest = Long.MAX_VALUE;
    for (int i = 0; i < weights.length; i++) {
      int weight = weights[i];
      boolean may = had[i] * sum < weight * (turn + 1L); // its next turn's stride has begun
      if (may) {
        long due = ((had[i] + 1) * sum + weight - 1) / weight;
        if (due < earliest || (due == earliest && weight > weights[best])) {
          best = i;
          earliest = due;
        }
      }
    }
    return best;
  }
}
