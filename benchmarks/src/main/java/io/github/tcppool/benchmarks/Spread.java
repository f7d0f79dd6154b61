package io.github.tcppool.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Median, smallest and greatest of a few measurements. */
record Spread(double median, double min, double max) {

  static Spread of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("values must be at least 1, but were 0");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  /** The median and, in parentheses, the range, with this many digits behind the point. */
  String format(int digits) {
    String one = "%." + digits + "f";
    return String.format(Locale.ROOT, one + " (" + one + "–" + one + ")", median, min, max);
  }
}
