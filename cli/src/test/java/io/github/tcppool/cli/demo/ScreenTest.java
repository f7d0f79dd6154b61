package io.github.tcppool.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.TcpPool;
import io.github.tcppool.cli.terminal.Terminal;
import io.github.tcppool.framing.Framing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScreenTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Reconnects reconnects = new Reconnects();

  @Test
  void theTableShowsConnectionsPicksMessagesAndFailuresOfEachServer() throws IOException {
    try (Server a = new Server("A");
        Server b = new Server("B");
        TcpPool pool =
            TcpPool.builder(a.hostPort(), b.hostPort())
                .framing(Framing.lines())
                .connections(1)
                .build()) {
      await().until(() -> pool.snapshot().idle() == 2);
      for (int number = 0; number < 10; number++) {
        pool.send(new Server.Message(1, number, false).line());
      }
      loseAndReplace(Endpoint.parse(b.hostPort()));

      screen(true, a, b).show(progress(), pool.snapshot());

      assertThat(text())
          .containsPattern(
              "endpoint +server +state +connections +picks +messages +load +round trip +failures"
                  + " +reconnects +ejections +probes\n")
          .containsPattern("A " + a.hostPort() + " +running +up +1 +5 +5 +0 +- +0 +0 +0 +0\n")
          .containsPattern("B " + b.hostPort() + " +running +up +1 +5 +5 +0 +- +3 +2 +0 +0\n")
          .contains("act 1   2.5 s  sent 10, received 9, failed 1");
    }
  }

  @Test
  void aFileGetsALineWithTheSameFigures() throws IOException {
    try (Server a = new Server("A");
        TcpPool pool =
            TcpPool.builder(a.hostPort()).framing(Framing.lines()).connections(2).build()) {
      await().until(() -> pool.snapshot().idle() == 2);

      screen(false, a).show(progress(), pool.snapshot());

      assertThat(text())
          .contains("sent 10, received 9, failed 1  | A up 2 connections 0 picks")
          .doesNotContain("\u001b");
    }
  }

  /** Two connections were lost and replaced, and one dial failed in between. */
  private void loseAndReplace(Endpoint endpoint) {
    for (int id = 1; id <= 2; id++) {
      reconnects.onEvent(
          new PoolEvent.ConnectionClosed(endpoint, id, CloseReason.PEER_RESET, Duration.ZERO, 3));
    }
    reconnects.onEvent(
        new PoolEvent.DialFailed(endpoint, new IOException("refused"), 1, Duration.ZERO));
    for (int id = 3; id <= 4; id++) {
      reconnects.onEvent(new PoolEvent.ConnectionOpened(endpoint, id, Duration.ZERO));
    }
  }

  private Screen screen(boolean live, Server... servers) {
    PrintStream printer = new PrintStream(out, true, UTF_8);
    Terminal terminal = new Terminal(InputStream.nullInputStream(), printer, printer, live, live);
    return new Screen(terminal, List.of(servers), reconnects, Duration.ZERO);
  }

  private static Screen.Progress progress() {
    return new Screen.Progress(Script.ORDERLY_RESTART, Duration.ofMillis(2_500), 10, 9, 1);
  }

  private String text() {
    return out.toString(UTF_8);
  }
}
