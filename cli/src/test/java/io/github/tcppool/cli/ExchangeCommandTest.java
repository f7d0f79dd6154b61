package io.github.tcppool.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Boundary;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ExchangeCommandTest {
  private static final Behaviour SHOUT =
      Behaviour.replies(
          request -> new String(request, UTF_8).toUpperCase(Locale.ROOT).getBytes(UTF_8));

  @Test
  void printsRepliesInTheOrderOfRequests() {
    try (TcpPeer a = TcpPeer.start(SHOUT);
        TcpPeer b = TcpPeer.start(SHOUT)) {
      Cli cli =
          Cli.toFiles()
              .reading("one\ntwo\n\nfour")
              .run("exchange", a.hostPort(), b.hostPort())
              .exitsWith(0);

      assertThat(cli.out()).isEqualTo("ONE\nTWO\n\nFOUR\n");
      assertThat(cli.err()).isEqualTo("answered 4 of 4 requests\n");
    }
  }

  @Test
  void asksTheServersThatAFileNames(@TempDir Path folder) throws IOException {
    try (TcpPeer a = TcpPeer.start(SHOUT)) {
      Path file = folder.resolve("servers");
      Files.writeString(file, a.hostPort());

      Cli cli = Cli.toFiles().reading("one\n").run("exchange", "file:" + file).exitsWith(0);

      assertThat(cli.out()).isEqualTo("ONE\n");
      assertThat(cli.err()).isEqualTo("answered 1 of 1 request\n");
    }
  }

  @Test
  void tellsThatNoServerWasFound(@TempDir Path folder) {
    Cli cli =
        Cli.toFiles()
            .reading("one\n")
            .run("exchange", "file:" + folder.resolve("none"), "--timeout", "200ms");

    assertThat(cli.err()).contains("looking for servers failed", "none is known");
  }

  @Test
  void asksInOtherFramings() {
    TcpPeer peer =
        TcpPeer.builder().behaviour(Behaviour.echo()).frames(Boundary.lengthPrefix(4)).start();
    try (peer) {
      Cli cli =
          Cli.toFiles()
              .reading("ping\n")
              .run("exchange", peer.hostPort(), "--framing", "length:4")
              .exitsWith(0);

      assertThat(cli.out()).isEqualTo("ping\n");
      assertThat(peer.texts()).containsExactly("\0\0\0\4ping");
    }
  }

  @Test
  void answersWhileInputIsStillOpen() {
    try (TcpPeer peer = TcpPeer.start(SHOUT)) {
      Cli cli = Cli.toFiles().readingKeyboard().start("exchange", peer.hostPort());
      cli.type("a\n");
      peer.awaitFrames(1);

      cli.ctrlC().exitsWith(130);

      assertThat(cli.out()).isEqualTo("A\n");
    }
  }

  @Test
  void escapesRepliesOnATerminalAndNowhereElse() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo())) {
      String request = "\u001b[2Jevil\n";
      Cli screen = Cli.toScreen().reading(request).run("exchange", peer.hostPort());
      Cli files = Cli.toFiles().reading(request).run("exchange", peer.hostPort());
      Cli escaped = Cli.toFiles().reading(request).run("exchange", "--escape", peer.hostPort());

      assertThat(screen.exitsWith(0).out()).isEqualTo("\\x1b[2Jevil\n");
      assertThat(files.exitsWith(0).out()).isEqualTo(request);
      assertThat(escaped.exitsWith(0).out()).isEqualTo("\\x1b[2Jevil\n");
    }
  }

  @Test
  void endsAtTheFirstRequestWithoutReply() {
    try (TcpPeer peer = TcpPeer.start(SHOUT.afterFrames(1, Behaviour.silent()))) {
      Cli cli =
          Cli.toFiles()
              .reading("a\nb\nc\n")
              .run("exchange", peer.hostPort(), "--timeout", "300ms")
              .exitsWith(1);

      assertThat(cli.out()).isEqualTo("A\n");
      assertThat(cli.err())
          .contains("tcp-pool: request 2 got no reply, but the server may have acted on it: ")
          .contains("tcp-pool: 1 request read and not asked")
          .contains("answered 1 of 2 requests");
    }
  }

  @Test
  void asksOnWhenToldToKeepGoing() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.inTurn(oneThenDropped(), SHOUT))) {
      Cli cli =
          Cli.toFiles()
              .reading("a\nb\nc\n")
              .run("exchange", peer.hostPort(), "--keep-going")
              .exitsWith(1);

      assertThat(cli.out()).isEqualTo("A\nC\n");
      assertThat(cli.err()).contains("request 2 got no reply", "answered 2 of 3 requests");
    }
  }

  @Test
  void asksAgainIfRequestsMayBeRepeated() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.inTurn(oneThenDropped(), SHOUT))) {
      Cli cli =
          Cli.toFiles()
              .reading("a\nb\nc\n")
              .run("exchange", peer.hostPort(), "--idempotent")
              .exitsWith(0);

      assertThat(cli.out()).isEqualTo("A\nB\nC\n");
      assertThat(peer.texts()).containsExactly("a\n", "b\n", "b\n", "c\n");
    }
  }

  @Test
  void tellsThatARequestWasNotSentWhenNoServerIsThere() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo())) {
      peer.kill();
      Cli cli =
          Cli.toFiles()
              .reading("a\n")
              .run("exchange", peer.hostPort(), "--timeout", "50ms", "-q")
              .exitsWith(1);

      assertThat(cli.err())
          .startsWith("tcp-pool: request 1 got no reply, not sent: ")
          .contains("Connection refused")
          .hasLineCount(1);
    }
  }

  @Test
  void needsAFraming() {
    Cli cli = Cli.toFiles().run("exchange", "localhost:1", "--framing", "none").exitsWith(2);

    assertThat(cli.err()).contains("a reply needs a framing to end");
  }

  /** Answers one request, takes a second one, and is gone. */
  private static Behaviour oneThenDropped() {
    return connection -> {
      connection.send(new String(connection.readFrame(), UTF_8).toUpperCase(Locale.ROOT));
      connection.readFrame();
      connection.reset();
    };
  }
}
