package io.github.tcppool.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run has found so far: the table, and the plots by the names of their files. */
final class Report {

  private final List<Measured> measured = new ArrayList<>();
  private final Map<String, Chart> charts = new LinkedHashMap<>();

  /** A measurement begins; said on standard error. */
  void begin(String what) {
    System.err.println("measuring: " + what);
  }

  void add(Measured one) {
    measured.add(one);
  }

  /** The plot of this name, made the first time. */
  Chart chart(String name, String title, String unit, boolean logarithmic) {
    return charts.computeIfAbsent(name, key -> new Chart(title, unit, logarithmic));
  }

  String table() {
    return Table.of(measured);
  }

  /** Writes the plots; a note below each says where it was measured. */
  void writeCharts(Path directory, String suffix, String note) throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, Chart> chart : charts.entrySet()) {
      String svg = chart.getValue().svg(note);
      Files.writeString(directory.resolve(chart.getKey() + suffix + ".svg"), svg);
    }
  }

  /** Adds the medians of a measurement to a plot. */
  static void plot(Chart chart, String group, Measured measured) {
    for (Measured.Figure figure : measured.figures()) {
      Spread value = figure.value();
      chart.bar(group, figure.who(), value == null ? null : value.median(), figure.note());
    }
  }

  /** As {@link #plot}, for one value. */
  static void plot(Chart chart, String group, String who, @Nullable Double value) {
    chart.bar(group, who, value, "");
  }
}
