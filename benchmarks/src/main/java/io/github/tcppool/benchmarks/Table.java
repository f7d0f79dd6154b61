package io.github.tcppool.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Measurements as one table in Markdown. */
final class Table {

  private static final String HEAD =
      """
      | measured | who | median (range) | tcp-pool ÷ it | to reach | reached |
      |---|---|---:|---:|---:|---|
      """;

  private Table() {}

  static String of(List<Measured> all) {
    StringBuilder rows = new StringBuilder(HEAD);
    for (Measured measured : all) {
      for (int i = 0; i < measured.figures().size(); i++) {
        Measured.Figure figure = measured.figures().get(i);
        boolean first = i == 0;
        rows.append(
            String.format(
                "| %s | %s | %s | %s | %s | %s |%n",
                first ? measured.what() : "",
                figure.who(),
                figure.value() == null ? figure.note() : figure.value().format(measured.digits()),
                figure.ratio() == null ? "" : figure.ratio().format(2),
                first ? measured.goal() : "",
                first ? verdict(measured.reached()) : ""));
      }
    }
    return rows.toString();
  }

  private static String verdict(@Nullable Boolean reached) {
    if (reached == null) {
      return "";
    }
    return reached ? "yes" : "**no**";
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
