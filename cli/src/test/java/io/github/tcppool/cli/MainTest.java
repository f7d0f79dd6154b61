package io.github.tcppool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

  @Test
  void tellsItsVersion() {
    Cli cli = Cli.toFiles().run("--version").exitsWith(0);

    assertThat(cli.out()).startsWith("tcp-pool ").contains("Java " + Runtime.version());
    assertThat(cli.err()).isEmpty();
  }

  @Test
  void tellsItsCommandsWithExamples() {
    Cli cli = Cli.toFiles().run("--help").exitsWith(0);

    assertThat(cli.out())
        .contains("demo", "serve", "send", "exchange", "probe")
        .contains("Examples:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "serve", "send", "exchange", "probe"})
  void everyCommandExplainsItselfWithItsExitCodes(String command) {
    Cli cli = Cli.toFiles().run(command, "--help").exitsWith(0);

    assertThat(cli.out())
        .startsWith("Usage: tcp-pool " + command)
        .contains("Exit codes:\n", "wrong use");
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "send", "exchange", "probe"})
  void commandsHaveExamples(String command) {
    assertThat(Cli.toFiles().run(command, "--help").out()).contains("Examples:\n  ");
  }

  @Test
  void missesACommandIfThereIsNone() {
    Cli cli = Cli.toFiles().run().exitsWith(2);

    assertThat(cli.err()).isEqualTo("tcp-pool: a command is missing\nTry: tcp-pool --help\n");
  }

  @Test
  void refusesAnUnknownOptionInOneLineAndSaysWhereToLook() {
    Cli cli = Cli.toFiles().run("send", "localhost:1", "--nonsense").exitsWith(2);

    assertThat(cli.err())
        .startsWith("tcp-pool: Unknown option: '--nonsense'")
        .endsWith("Try: tcp-pool send --help\n")
        .hasLineCount(2);
  }

  @Test
  void takesAnArgumentThatBeginsWithAnAtSignForWhatItSays() {
    Cli cli = Cli.toFiles().run("@/dev/null").exitsWith(2);

    assertThat(cli.err()).contains("@/dev/null");
  }

  @Test
  void escapesWhatItRepeatsOfTheCommandLine() {
    Cli cli = Cli.toFiles().run("send", "evil\u001b[2J").exitsWith(2);

    assertThat(cli.err()).contains("evil\\x1b[2J").doesNotContain("\u001b");
  }

  @Test
  void showsNoControlCharactersInStackTraces() {
    Cli cli =
        Cli.toFiles().run("send", "-v", "localhost:1", "--unsent", "/nonexistent/\u001b[2J\r\nx");

    assertThat(cli.exitsWith(3).err())
        .contains("\\x1b[2J\\r")
        .contains("    at io.github.tcppool.cli.")
        .doesNotContain("\u001b", "\r");
  }

  @Test
  void showsNoStackTraceUnlessAskedTo() {
    String[] command = {"send", "localhost:1", "--unsent", "/nonexistent/file"};
    Cli plain = Cli.toFiles().run(command).exitsWith(3);
    assertThat(plain.err()).hasLineCount(1).contains("cannot write /nonexistent/file");

    Cli verbose = Cli.toFiles().run(command[0], "--verbose", command[1], command[2], command[3]);
    assertThat(verbose.exitsWith(3).err()).contains("    at io.github.tcppool.cli.");
  }
}
