package io.github.tcppool.internal.health;

/**
 * How an endpoint warms up: the part of its share by the time since it is back. The cube root rises
 * quickly at first, as Envoy's slow start does with an aggression of 3, and begins at the tenth
 * that Envoy begins with.
 */
public final class Ramp {

  private static final double LEAST = 0.1;

  private Ramp() {}

  /** From a tenth to 1, in {@code windowNanos}. */
  public static double share(long sinceNanos, long windowNanos) {
    if (sinceNanos >= windowNanos) {
      return 1;
    }
    return Math.max(LEAST, Math.cbrt((double) Math.max(0, sinceNanos) / windowNanos));
  }

  /** How many connections may exist at this share of the most; at least one. */
  public static int connections(double share, int most) {
    return (int) Math.max(1, Math.ceil(share * most - 1e-9));
  }
}
