package io.github.tcppool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code send} does with messages that it cannot send. */
@Timeout(30)
class UnsentTest {
  @TempDir Path directory;

  private TcpPeer dead;
  private Path file;

  @BeforeEach
  void killServer() {
    dead = TcpPeer.start(Behaviour.sink());
    dead.kill();
    file = directory.resolve("unsent");
  }

  @AfterEach
  void closeServer() {
    dead.close();
  }

  @Test
  void goesToStandardErrorIfNoFileIsNamed() {
    Cli cli = send("one\ntwo\n", "--timeout", "50ms").exitsWith(1);

    assertThat(cli.err())
        .contains("tcp-pool: not sent: ", "Connection refused", "\none\n", "\ntwo\n")
        .contains("2 messages not sent, shown above");
  }

  @Test
  void goesToTheFileAsItWasRead() throws Exception {
    Cli cli =
        send(
            "one\r\n\nthree",
            "--timeout",
            "50ms",
            "--unsent",
            file.toString(),
            "--framing",
            "varint");

    cli.exitsWith(1);
    assertThat(file).hasContent("one\r\n\nthree\n");
    assertThat(cli.err())
        .contains("3 messages not sent, added to " + file)
        .doesNotContain("\nthree\n");
  }

  @Test
  void canBeSentByTheNextRun() throws Exception {
    send("one\ntwo\n", "--timeout", "50ms", "--unsent", file.toString()).exitsWith(1);
    dead.restart();
    try (InputStream in = Files.newInputStream(file)) {
      Cli.toFiles().reading(in).run("send", dead.hostPort(), "--connections", "1").exitsWith(0);
    }
    assertThat(dead.texts()).containsExactly("one\n", "two\n");
  }

  @Test
  void isAddedToWhatIsThereAlready() throws Exception {
    Files.writeString(file, "of yesterday\n");

    send("of today\n", "--timeout", "50ms", "--unsent", file.toString()).exitsWith(1);

    assertThat(file).hasContent("of yesterday\nof today\n");
  }

  @Test
  void leavesNoFileWhenEverythingWasSent() {
    dead.restart();

    send("one\n", "--unsent", file.toString()).exitsWith(0);

    assertThat(file).doesNotExist();
  }

  @Test
  void holdsEverythingThatWasReadWhenTheRunGivesUp() {
    Cli cli =
        send("1\n2\n3\n4\n5\n", "--timeout", "20ms", "--give-up", "2", "--unsent", file.toString());

    cli.exitsWith(1);
    assertThat(file).hasContent("1\n2\n3\n4\n5\n");
    assertThat(cli.err()).contains("gave up after 2 failures;");
  }

  @Test
  void holdsWhatCouldNotBeSentBeforeTheDrainTimeWasOver() throws Exception {
    Cli cli =
        Cli.toFiles()
            .readingKeyboard()
            .start(
                "send",
                dead.hostPort(),
                "--timeout",
                "1m",
                "--drain",
                "10ms",
                "--unsent",
                file.toString());
    cli.type("one\ntwo\nhalf");
    cli.awaitErr(" is down: ");

    cli.ctrlC().exitsWith(130);

    assertThat(file).hasContent("one\ntwo\nhalf");
    assertThat(cli.err()).contains("sent 0 messages", "3 messages not sent", "read only in part");
  }

  @Test
  void holdsMessagesThatTheFramingCannotCarryWhileOthersGoOn() throws Exception {
    dead.restart();

    Cli cli = send("abc\ntoo long\nxyz\n", "--framing", "fixed:3", "--unsent", file.toString());

    cli.exitsWith(1);
    assertThat(file).hasContent("too long\n");
    dead.awaitBytes(6);
    assertThat(cli.err()).contains("sent 2 messages", "not sent: ");
  }

  @Test
  void isKeptWhenAServerDoesNotRead() throws Exception {
    TcpPeer stalled = TcpPeer.builder().behaviour(Behaviour.stalled()).receiveBuffer(4_096).start();
    String line = "x".repeat(1 << 20) + "\n";
    try (stalled) {
      Cli cli =
          Cli.toFiles()
              .reading(line.repeat(20))
              .run(
                  "send",
                  stalled.hostPort(),
                  "--timeout",
                  "200ms",
                  "--give-up",
                  "1",
                  "--unsent",
                  file.toString());

      cli.exitsWith(1);
      assertThat(cli.err())
          .contains("timed out", "its server does not read", "gave up after 1 failure;");
      assertThat(Files.readString(file)).startsWith(line);
    }
  }

  @Test
  void isEscapedOnATerminal() {
    Cli cli =
        Cli.toScreen()
            .reading("\u001b[2Jevil\n")
            .run("send", dead.hostPort(), "--timeout", "50ms")
            .exitsWith(1);

    assertThat(cli.err()).contains("\\x1b[2Jevil\\n").doesNotContain("\u001b[2J");
  }

  @Test
  void isRefusedAtOnceIfTheFileCannotBeWritten() {
    Cli cli = send("one\n", "--unsent", directory.toString()).exitsWith(3);

    assertThat(cli.err()).startsWith("tcp-pool: cannot write " + directory).hasLineCount(1);
  }

  @Test
  void isCountedWhenInputBreaks() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the tape tore");
          }

          @Override
          public int read(byte[] to, int offset, int length) throws IOException {
            throw new IOException("the tape tore");
          }
        };
    Cli cli = Cli.toFiles().reading(broken).run("send", dead.hostPort()).exitsWith(3);

    assertThat(cli.err()).contains("tcp-pool: cannot read standard input: the tape tore");
  }

  private Cli send(String input, String... options) {
    String[] command = Arrays.copyOf(new String[] {"send", dead.hostPort()}, 2 + options.length);
    System.arraycopy(options, 0, command, 2, options.length);
    return Cli.toFiles().reading(input).run(command);
  }
}
