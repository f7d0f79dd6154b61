package io.github.tcppool.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The figures of one run, as a table in Markdown. */
final class Table {

  private static final String HEAD =
      """
      | | tcp-pool | raw sockets | pool ÷ raw | to reach | reached |
      |---|---:|---:|---:|---:|---|
      """;

  private final List<String> rows = new ArrayList<>();

  /** A race in which more is better, in thousands per second. */
  void addRate(String what, Race race, double leastRatio) {
    ToDoubleFunction<Round.Result> thousands = result -> result.perSecond() / 1e3;
    Spread ratio = race.ratio(thousands);
    add(
        what + ", k/s",
        race.ofPool(thousands).format(0),
        race.ofRaw(thousands).format(0),
        ratio.format(2),
        String.format(Locale.ROOT, "≥ %.2f", leastRatio),
        ratio.median() >= leastRatio);
  }

  /** A race in which less is better, in microseconds. */
  void addLatency(
      String what, Race race, ToDoubleFunction<Round.Result> micros, double greatestRatio) {
    Spread ratio = race.ratio(micros);
    add(
        what + ", µs",
        race.ofPool(micros).format(2),
        race.ofRaw(micros).format(2),
        ratio.format(2),
        String.format(Locale.ROOT, "≤ %.2f", greatestRatio),
        ratio.median() <= greatestRatio);
  }

  /** Operations per microsecond inside this process, where nothing stands beside us. */
  void addCycles(String what, Spread perMicro, double least) {
    add(
        what + ", ops/µs",
        perMicro.format(1),
        "",
        "",
        String.format(Locale.ROOT, "> %.0f", least),
        perMicro.median() > least);
  }

  /** Bytes of heap per operation. */
  void addBytes(String what, double poolBytes, double rawBytes, double greatest) {
    add(
        what + ", B",
        String.format(Locale.ROOT, "%.1f", poolBytes),
        Double.isNaN(rawBytes) ? "" : String.format(Locale.ROOT, "%.1f", rawBytes),
        "",
        String.format(Locale.ROOT, "%.0f", greatest),
        poolBytes < greatest + 0.5);
  }

  /** A row that this JDK or this run cannot fill. */
  void addMissing(String what, String why) {
    rows.add("| " + what + " | " + why + " | | | | |");
  }

  private void add(
      String what, String pool, String raw, String ratio, String goal, boolean reached) {
    rows.add(
        String.format(
            "| %s | %s | %s | %s | %s | %s |",
            what, pool, raw, ratio, goal, reached ? "yes" : "**no**"));
  }

  @Override
  public String toString() {
    return HEAD + String.join("\n", rows) + "\n";
  }

  /**
   * Puts a section between its marks in a file, in place of what stood there.
   *
   * @throws IOException if the file lacks the marks
   */
  static void replaceSection(Path file, String name, String section) throws IOException {
    String begin = "<!-- begin " + name + " -->\n";
    String end = "<!-- end " + name + " -->";
    String text = Files.readString(file);
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new IOException(file + " must contain " + begin.strip() + " and " + end);
    }
    Files.writeString(
        file,
        text.substring(0, from + begin.length())
            + "\n"
            + section.strip()
            + "\n\n"
            + text.substring(to));
  }
}
