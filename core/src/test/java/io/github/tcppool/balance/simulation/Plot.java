package io.github.tcppool.balance.simulation;

import java.util.List;
import java.util.Locale;

/** Draws a scenario that was played as SVG: calls answered per second, the servers stacked. */
final class Plot {

  private static final int LEFT = 56;
  private static final int TOP = 44;
  private static final int WIDTH = 720;
  private static final int HEIGHT = 220;
  private static final double HIGHEST = 11_000;

  /** Told apart with any kind of colour vision (Okabe and Ito). */
  private static final List<String> COLOURS =
      List.of("#0072b2", "#56b4e9", "#009e73", "#e69f00", "#cc79a7");

  private final Scenario scenario;
  private final StringBuilder svg = new StringBuilder();

  private Plot(Scenario scenario) {
    this.scenario = scenario;
  }

  static String of(Scenario scenario) {
    return new Plot(scenario).draw();
  }

  private String draw() {
    line(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"sans-serif\" font-size=\"12\">",
        LEFT + WIDTH + 60, TOP + HEIGHT + 40);
    line("<title>%s</title>", scenario.title);
    line("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
    text(LEFT, 16, "start", scenario.title);
    for (int server = scenario.names().size() - 1; server >= 0; server--) {
      area(server);
    }
    axes();
    changes();
    legend();
    line("</svg>");
    return svg.toString();
  }

  /** Everything up to the upper edge of a server; those below are drawn over it. */
  private void area(int server) {
    StringBuilder points = new StringBuilder();
    points.append(String.format(Locale.ROOT, "%.1f,%.1f", x(0), y(0)));
    double step = 1.0 / Scenario.STEPS_PER_SECOND;
    for (int i = 0; i < scenario.answered.length; i++) {
      double sum = 0;
      for (int below = 0; below <= server; below++) {
        sum += scenario.answered[i][below];
      }
      points.append(
          String.format(
              Locale.ROOT, " %.1f,%.1f %.1f,%.1f", x(i * step), y(sum), x((i + 1) * step), y(sum)));
    }
    points.append(String.format(Locale.ROOT, " %.1f,%.1f", x(Scenario.SECONDS), y(0)));
    line("<polygon fill=\"%s\" points=\"%s\"/>", COLOURS.get(server), points);
  }

  private void axes() {
    double ideal = Scenario.CALLERS * 1e9 / Server.USUAL_NANOS;
    for (int calls = 0; calls <= 10_000; calls += 2_000) {
      text(LEFT - 6, y(calls) + 4, "end", calls == 0 ? "0" : calls / 1_000 + ",000");
    }
    for (int second = 0; second <= Scenario.SECONDS; second += 10) {
      text(x(second), TOP + HEIGHT + 16, "middle", second + " s");
    }
    line(
        "<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"black\"/>",
        LEFT, TOP, TOP + HEIGHT, LEFT + WIDTH);
    line(
        "<path d=\"M%d %.1f H%d\" fill=\"none\" stroke=\"black\" stroke-dasharray=\"6 4\"/>",
        LEFT, y(ideal), LEFT + WIDTH);
    text(LEFT + WIDTH + 6, y(ideal) + 4, "start", "ideal");
    text(LEFT + WIDTH / 2.0, TOP + HEIGHT + 34, "middle", "calls answered per second");
  }

  private void changes() {
    for (Scenario.Change change : scenario.changes()) {
      text(x(change.second()) + 4, TOP - 8, "start", change.label());
      line(
          "<path d=\"M%.1f %d V%d\" stroke=\"#555\" stroke-dasharray=\"2 3\"/>",
          x(change.second()), TOP - 18, TOP + HEIGHT);
    }
  }

  private void legend() {
    List<String> names = scenario.names();
    for (int i = 0; i < names.size(); i++) {
      double top = TOP + HEIGHT - 20.0 * (i + 1);
      line(
          "<rect x=\"%d\" y=\"%.1f\" width=\"12\" height=\"12\" fill=\"%s\"/>",
          LEFT + WIDTH + 12, top, COLOURS.get(i));
      text(LEFT + WIDTH + 30, top + 11, "start", names.get(i));
    }
  }

  private void text(double x, double y, String anchor, String text) {
    line("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
  }

  private static double x(double second) {
    return LEFT + second * WIDTH / Scenario.SECONDS;
  }

  private static double y(double callsPerSecond) {
    return TOP + HEIGHT * (1 - Math.min(1, callsPerSecond / HIGHEST));
  }

  private void line(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
