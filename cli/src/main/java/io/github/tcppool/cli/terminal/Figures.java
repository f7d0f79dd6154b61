package io.github.tcppool.cli.terminal;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Figures {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private Figures() {}

  /** {@code 12,345}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 1 message}, {@code 12,345 messages}. */
  public static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** How many per second, {@code 23,809/s}. */
  public static String rate(long number, Duration time) {
    double seconds = Math.max(time.toNanos(), 1) / NANOS_PER_SECOND;
    return count(Math.round(number / seconds)) + "/s";
  }

  /** {@code 512 B}, {@code 1.5 MiB}. */
  public static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int power = 0;
    while (value >= 1024 && power < 4) {
      value /= 1024;
      power++;
    }
    return String.format(Locale.ROOT, "%.1f %siB", value, "KMGT".charAt(power - 1));
  }

  /** {@code 0.31 ms}, {@code 42 ms}, {@code 2.4 s}, {@code 3 min 5 s}. */
  public static String time(Duration time) {
    double millis = time.toNanos() / NANOS_PER_MILLI;
    if (millis < 10) {
      return String.format(Locale.ROOT, "%.2f ms", millis);
    }
    if (millis < 1_000) {
      return String.format(Locale.ROOT, "%.0f ms", millis);
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1_000);
    }
    return time.toMinutes() + " min " + time.toSecondsPart() + " s";
  }
}
