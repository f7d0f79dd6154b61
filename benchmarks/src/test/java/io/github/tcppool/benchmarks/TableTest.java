package io.github.tcppool.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {

  @TempDir Path directory;

  @Test
  void aSpreadIsMedianAndRange() {
    assertThat(Spread.of(3, 1, 2)).isEqualTo(new Spread(2, 1, 3));
    assertThat(Spread.of(1, 4, 2, 3).format(1)).isEqualTo("2.5 (1.0–4.0)");
  }

  @Test
  void everybodyHasARowAndOursTheVerdict() {
    Measured measured =
        new Measured(
            "lease, ops/µs",
            1,
            List.of(
                Measured.Figure.of("tcp-pool", new Spread(31, 30, 32)),
                Measured.Figure.against("other", new Spread(62, 60, 64), new Spread(0.5, 0.4, 0.6)),
                Measured.Figure.missing("third", "needs JDK 21")),
            "ahead",
            false);

    assertThat(Table.of(List.of(measured)))
        .contains("| lease, ops/µs | tcp-pool | 31.0 (30.0–32.0) |  | ahead | **no** |")
        .contains("|  | other | 62.0 (60.0–64.0) | 0.50 (0.40–0.60) |  |  |")
        .contains("|  | third | needs JDK 21 |  |  |  |");
  }

  @Test
  void aPlotNamesEveryBarAndItsValue() throws Exception {
    Chart chart = new Chart("Leases & returns", "per µs", true);
    chart.bar("1 thread", "tcp-pool", 18.4, "");
    chart.bar("1 thread", "other <pool>", 2.0, "");
    chart.bar("1 thread", "third", null, "needs JDK 21");

    String svg = chart.svg("made here");

    assertThat(svg)
        .contains("Leases &amp; returns", "18.4", "other &lt;pool>", "2.00", "needs JDK 21")
        .contains("made here");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aSectionReplacesTheOneBeforeAndNothingElse() throws Exception {
    Path file = directory.resolve("page.md");
    Files.writeString(file, "a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n");

    Table.replaceSection(file, "x", "new");

    assertThat(file).hasContent("a\n<!-- begin x -->\n\nnew\n\n<!-- end x -->\nb\n");
    assertThatThrownBy(() -> Table.replaceSection(file, "y", "new"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("<!-- begin y -->");
  }
}
