package io.github.tcppool.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Groups of horizontal bars as SVG: each bar with its name on the left and its value behind it, so
 * that nothing has to be looked up. Ours is dark.
 */
final class Chart {

  private static final int WIDTH = 860;
  private static final int NAMES = 270;
  private static final int VALUES = 90;
  private static final int BAR = 18;
  private static final int STEP = 23;
  private static final int HEAD = 64;

  /** A bar this short is seen; one that is nothing on a logarithmic scale would not be. */
  private static final int SHORTEST = 3;

  private record Bar(String who, @Nullable Double value, String note) {}

  private final String title;
  private final String unit;
  private final boolean logarithmic;
  private final Map<String, List<Bar>> groups = new LinkedHashMap<>();

  /**
   * A plot without bars.
   *
   * @param title says what a long bar means
   */
  Chart(String title, String unit, boolean logarithmic) {
    this.title = title;
    this.unit = unit;
    this.logarithmic = logarithmic;
  }

  void bar(String group, String who, @Nullable Double value, String note) {
    groups.computeIfAbsent(group, key -> new ArrayList<>()).add(new Bar(who, value, note));
  }

  String svg(String note) {
    StringBuilder body = new StringBuilder();
    int y = HEAD;
    for (Map.Entry<String, List<Bar>> group : groups.entrySet()) {
      text(body, 16, y + 14, "start", "600", group.getKey());
      y += STEP;
      for (Bar bar : group.getValue()) {
        draw(body, bar, y);
        y += STEP;
      }
      y += STEP / 2;
    }
    int height = y + STEP;
    text(body, 16, height - 12, "start", "400", note);
    return String.format(
        Locale.ROOT,
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        <text x="16" y="26" font-size="17" font-weight="600" fill="#1b1f24">%s</text>
        <text x="16" y="46" fill="#57606a">%s%s</text>
        %s</svg>
        """,
        WIDTH,
        height,
        escaped(title),
        escaped(unit),
        logarithmic ? ", logarithmic scale" : "",
        body);
  }

  private void draw(StringBuilder body, Bar bar, int y) {
    boolean ours = bar.who().startsWith("tcp-pool");
    text(body, NAMES - 10, y + 13, "end", ours ? "600" : "400", bar.who());
    Double value = bar.value();
    if (value == null) {
      text(body, NAMES, y + 13, "start", "400", bar.note());
      return;
    }
    double length = Math.max(SHORTEST, share(value) * (WIDTH - NAMES - VALUES));
    body.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\" fill=\"%s\"/>%n",
            NAMES,
            y,
            length,
            BAR,
            ours ? "#0b5cad" : "#b6c2cf"));
    text(body, (int) (NAMES + length + 6), y + 13, "start", ours ? "600" : "400", shown(value));
  }

  /** How much of the room a value takes. */
  private double share(double value) {
    double most = 0;
    double least = Double.MAX_VALUE;
    for (List<Bar> bars : groups.values()) {
      for (Bar bar : bars) {
        if (bar.value() != null) {
          most = Math.max(most, bar.value());
          least = Math.min(least, bar.value());
        }
      }
    }
    if (!logarithmic) {
      return most <= 0 ? 0 : value / most;
    }
    double floor = Math.log(Math.max(least, 1e-9) / 2);
    return (Math.log(Math.max(value, 1e-9)) - floor) / (Math.log(Math.max(most, 1e-9)) - floor);
  }

  private static String shown(double value) {
    if (value >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
  }

  private static void text(
      StringBuilder body, int x, int y, String anchor, String weight, String text) {
    body.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" font-weight=\"%s\" fill=\"#1b1f24\">%s</text>%n",
            x,
            y,
            anchor,
            weight,
            escaped(text)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("`", "");
  }
}
