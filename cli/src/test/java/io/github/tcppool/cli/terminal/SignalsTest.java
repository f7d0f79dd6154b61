package io.github.tcppool.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tcppool.cli.Main;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What real signals do to a real process. */
@Timeout(60)
class SignalsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private Process child;

  @AfterEach
  void end() {
    if (child != null) {
      child.destroyForcibly();
    }
  }

  @Test
  void theFirstInterruptFinishesWhatWasRead() throws Exception {
    assumeTrue(hearsInterrupts(), "started in the background, where nobody hears SIGINT");
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      peer.kill();
      startSending(peer);

      signal("INT");
      awaitErr("finishing; the same signal again ends at once");
      peer.restart();

      assertThat(exitCode()).isEqualTo(130);
      assertThat(peer.texts()).containsExactly("a line\n");
      assertThat(err()).contains("sent 1 message");
    }
  }

  @Test
  void theSecondSignalEndsAtOnce() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      peer.kill();
      startSending(peer);

      signal("TERM");
      awaitErr("finishing");
      signal("TERM");

      assertThat(exitCode()).isEqualTo(143);
      assertThat(err()).doesNotContain("sent ");
    }
  }

  /** A shell without job control lets what it starts in the background ignore SIGINT. */
  private static boolean hearsInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.isReadable(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .noneMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }

  /** A process that has read a line and waits for a server that is down. */
  private void startSending(TcpPeer peer) throws IOException {
    child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "send",
                    peer.hostPort(),
                    "--drain",
                    "5m"))
            .redirectError(folder.resolve("err").toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    OutputStream in = child.getOutputStream();
    in.write("a line\n".getBytes(UTF_8));
    in.flush();
    awaitErr(" is down: ");
  }

  private void signal(String name) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(child.pid())).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }

  private int exitCode() throws InterruptedException {
    assertThat(child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("it has ended").isTrue();
    return child.exitValue();
  }

  private String err() throws IOException {
    return Files.readString(folder.resolve("err"));
  }

  private void awaitErr(String text) {
    await().atMost(PATIENCE).until(() -> err().contains(text));
  }
}
