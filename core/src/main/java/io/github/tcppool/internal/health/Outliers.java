package io.github.tcppool.internal.health;

import java.util.Arrays;

/** Who does so much worse than the others that it stands out. */
public final class Outliers {

  /** Fewer calls say nothing of a rate (Envoy's {@code success_rate_request_volume}). */
  public static final int LEAST_CALLS = 100;

  /** Fewer endpoints have no spread (Envoy's {@code success_rate_minimum_hosts}). */
  public static final int LEAST_ENDPOINTS = 5;

  /** Slower by less than this is nobody's trouble. */
  public static final long LEAST_EXCESS_NANOS = 10_000_000;

  private Outliers() {}

  /**
   * The one with the lowest success rate, if it is below mean - {@code sigmas} standard deviations
   * of all; -1 if nobody stands out.
   *
   * @param rates 0 to 1; NaN for one that had too few calls
   */
  public static int bySuccessRate(double[] rates, double sigmas) {
    double[] known = Arrays.stream(rates).filter(rate -> !Double.isNaN(rate)).toArray();
    if (sigmas <= 0 || known.length < LEAST_ENDPOINTS) {
      return -1;
    }
    double mean = Arrays.stream(known).average().orElse(1);
    double variance =
        Arrays.stream(known).map(rate -> (rate - mean) * (rate - mean)).average().orElse(0);
    double limit = mean - sigmas * Math.sqrt(variance);
    int worst = -1;
    for (int i = 0; i < rates.length; i++) {
      if (rates[i] < limit && (worst < 0 || rates[i] < rates[worst])) {
        worst = i;
      }
    }
    return worst;
  }

  /** The part of calls that succeeded; NaN if there were too few. */
  public static double rate(long calls, long failed) {
    return calls < LEAST_CALLS ? Double.NaN : 1 - (double) Math.min(failed, calls) / calls;
  }

  /**
   * Whether one is slower than {@code times} the median of the others, and by more than 10 ms.
   *
   * @param nanos how long the answers of each took; 0 for one that was not measured
   */
  public static boolean isSlow(long[] nanos, int which, double times) {
    long[] others = new long[nanos.length];
    int count = 0;
    for (int i = 0; i < nanos.length; i++) {
      if (i != which && nanos[i] > 0) {
        others[count++] = nanos[i];
      }
    }
    if (times <= 0 || count == 0) {
      return false;
    }
    Arrays.sort(others, 0, count);
    long median = others[(count - 1) / 2];
    return nanos[which] > times * median && nanos[which] - median > LEAST_EXCESS_NANOS;
  }
}
