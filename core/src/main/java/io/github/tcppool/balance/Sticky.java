package io.github.tcppool.balance;

import io.github.tcppool.Endpoint;
import org.jspecify.annotations.Nullable;

/** The same endpoint for the same key; see {@link Balancer#sticky()}. */
final class Sticky implements Balancer {

  private final double bound;

  /** How far above the average the load of an endpoint may be, at least 1. */
  Sticky(double bound) {
    if (!(bound >= 1)) {
      throw new IllegalArgumentException("load bound must be at least 1, but was " + bound);
    }
    this.bound = bound;
  }

  @Override
  public int pick(Candidates candidates, @Nullable Object key) {
    if (key == null) {
      return LeastLoaded.INSTANCE.pick(candidates, key);
    }
    long usable = Usable.of(candidates);
    boolean all = Usable.count(candidates, usable, Usable.ANY, 1) == 0;
    long calls = 1; // this one
    long weights = 0;
    for (int i = candidates.size() - 1; i >= 0; i--) {
      if (all || Usable.has(candidates, usable, i)) {
        calls += candidates.outstanding(i);
        weights += candidates.endpoint(i).weight();
      }
    }
    double callsPerWeight = bound * calls / Math.max(1, weights);
    int best = Usable.NONE;
    int bestWeight = 0;
    double bestDraw = 0;
    int hash = key.hashCode();
    for (int i = candidates.size() - 1; i >= 0; i--) {
      int weight = candidates.endpoint(i).weight();
      boolean full = candidates.outstanding(i) + 1 > Math.ceil(callsPerWeight * weight);
      if (!full && (all || Usable.has(candidates, usable, i))) {
        double draw = draw(hash, candidates.endpoint(i));
        if (best == Usable.NONE || ranksHigher(draw, weight, bestDraw, bestWeight)) {
          best = i;
          bestWeight = weight;
          bestDraw = draw;
        }
      }
    }
    // None, if all have become fuller since they were counted: then the load is what matters.
    return best == Usable.NONE ? LeastLoaded.INSTANCE.pick(candidates, usable, Usable.ANY) : best;
  }

  /** Compares weight / -ln(draw), and spares the logarithm where weights are equal. */
  private static boolean ranksHigher(double draw, int weight, double other, int otherWeight) {
    return weight == otherWeight
        ? draw > other
        : weight * -Math.log(other) > otherWeight * -Math.log(draw);
  }

  /** What this endpoint has drawn for this key: the same whenever asked, between 0 and 1. */
  private static double draw(int key, Endpoint endpoint) {
    long hash = mixed(key) ^ endpoint.port();
    String host = endpoint.host();
    for (int i = 0; i < host.length(); i++) {
      hash = (hash ^ Character.toLowerCase(host.charAt(i))) * 0x100000001b3L;
    }
    return ((mixed(hash) >>> 11) + 0.5) / (1L << 53);
  }

  /** Lets every bit of the input change half of the output: the last steps of SplitMix64. */
  private static long mixed(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  @Override
  public boolean isBinding() {
    return true;
  }
}
