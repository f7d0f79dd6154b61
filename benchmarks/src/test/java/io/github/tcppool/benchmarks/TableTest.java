package io.github.tcppool.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  void aFigureIsComparedWithItsGoal() {
    Table table = new Table();
    table.addCycles("lease", new Spread(31, 30, 32), 31);
    table.addBytes("send", 0.2, 0, 0);

    assertThat(table.toString())
        .contains("| lease, ops/µs | 31.0 (30.0–32.0) |  |  | > 31 | **no** |")
        .contains("| send, B | 0.2 | 0.0 |  | 0 | yes |");
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
