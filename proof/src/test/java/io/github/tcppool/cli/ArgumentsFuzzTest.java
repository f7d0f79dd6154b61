package io.github.tcppool.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.tcppool.cli.terminal.StopRequest;
import io.github.tcppool.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Command lines, right and wrong: parsed to the end, and never run. */
@Tag("fuzz")
class ArgumentsFuzzTest {

  private static final int MOST_ARGUMENTS = 50;

  /** Each line is an argument, the first one the command. */
  @FuzzTest(maxDuration = "20s")
  void everyCommandLineIsUnderstoodOrRefusedInTwoLines(byte[] input) {
    List<String> arguments = new ArrayList<>(List.of(new String(input, UTF_8).split("\n", -1)));
    if (arguments.size() > MOST_ARGUMENTS) {
      return;
    }
    // Everything is parsed, and then there is help instead of a run; a "--" cannot hide it here.
    arguments.add(1, "--help");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            false,
            false);
    int code = new Main(terminal, new StopRequest()).run(arguments.toArray(String[]::new));
    if (code == ExitCodes.DONE) {
      assertThat(err.size()).isZero();
      assertThat(out.toString(UTF_8)).contains("Usage: tcp-pool");
    } else {
      assertThat(code).isEqualTo(ExitCodes.WRONG_USE);
      assertThat(err.toString(UTF_8)).startsWith("tcp-pool: ").endsWith(" --help\n");
      assertThat(err.toString(UTF_8).codePoints())
          .allMatch(c -> c == '\n' || !Character.isISOControl(c));
      assertThat(err.toString(UTF_8).lines()).hasSize(2);
    }
  }
}
