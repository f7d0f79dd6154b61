package io.github.tcppool.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Runs what docs/guide/testing-outages.md shows. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("AddressSelection") // an address of loopback, written as users write it
class GuideTest {
  private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void everySnippetOfTheGuideIsInThisFile() throws Exception {
    String guide = Files.readString(Path.of("../docs/guide/testing-outages.md"));
    String source =
        Files.readString(Path.of("src/test/java/io/github/tcppool/testkit/GuideTest.java"));
    String here = withoutSpace(source);
    assertThat(SNIPPET.matcher(guide).results().map(GuideTest::snippet))
        .hasSizeGreaterThan(6)
        .allSatisfy(snippet -> assertThat(here).contains(snippet));
  }

  @Test
  void aServerDiesAndComesBack() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo());
        Socket client = new Socket("127.0.0.1", peer.port())) {
      client.getOutputStream().write("one\n".getBytes(UTF_8));
      peer.awaitFrames(1);

      peer.kill(); // a RST on every connection; the port refuses
      assertThatThrownBy(() -> client.getInputStream().readAllBytes())
          .isInstanceOf(SocketException.class);

      peer.restart(); // the same port, the same behaviour
      try (Socket next = new Socket("127.0.0.1", peer.port())) {
        next.getOutputStream().write("two\n".getBytes(UTF_8));
        peer.awaitFrames(2);
      }
      assertThat(peer.texts()).containsExactly("one\n", "two\n");
    }
  }

  /** Not a test: it has only to compile. */
  static void combinations() {
    Behaviour.echo().afterFrames(3, Behaviour.reset()); // a RST instead of the fourth answer
    Behaviour.sink().afterBytes(100, Behaviour.reset()); // a RST in the middle of a message
    Behaviour.sink().afterFrames(1, Behaviour.close()); // takes the request, never replies, a FIN
    Behaviour.sends("220 ready\n").then(Behaviour.echo()); // a banner first
    Behaviour.echo().answeringAfter(Duration.ofMillis(300)); // late answers
    Behaviour.echo().sendingSlowly(1, Duration.ofMillis(50)); // an answer that drips
    Behaviour.sink().readingSlowly(1_024, Duration.ofMillis(10)); // a slow consumer
    Behaviour.inTurn(
        Behaviour.reset(), Behaviour.close(), Behaviour.echo()); // first, second, others
  }

  @Test
  void aBehaviourChangesWhileTrafficFlows() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo());
        Socket client = new Socket("127.0.0.1", peer.port())) {
      peer.awaitAccepted(1);
      peer.behave(Behaviour.silent()); // open connections too; behaveForNew spares them
      client.getOutputStream().write("anybody?\n".getBytes(UTF_8));
      peer.awaitFrames(1);

      peer.connection(1).send("late\n"); // on command, and on this connection only
      assertThat(client.getInputStream().readNBytes(5)).isEqualTo("late\n".getBytes(UTF_8));
    }
  }

  @Test
  void aLambdaIsABehaviour() throws Exception {
    Behaviour shout =
        connection -> {
          for (byte[] line; (line = connection.readFrame()) != null; ) {
            connection.send(new String(line, UTF_8).toUpperCase(Locale.ROOT));
          }
        };
    try (TcpPeer peer = TcpPeer.start(shout);
        Client client = Client.connect(peer.address())) {
      assertThat(client.exchange("hello\n")).isEqualTo("HELLO\n");
    }
  }

  @Test
  void aScriptIsADialogue() throws Exception {
    Script dialogue =
        Script.begin()
            .send("220 ready\n")
            .expect("HELO me\n")
            .delay(Duration.ofMillis(20))
            .sendInPieces("250 ok\n".getBytes(UTF_8), 3, Duration.ofMillis(5))
            .reset();
    try (TcpPeer peer = TcpPeer.start(dialogue);
        Client client = Client.connect(peer.address())) {
      client.send("HELO me\n");
      assertThat(client.read(17)).isEqualTo("220 ready\n250 ok\n");
      assertThatThrownBy(client::readByte).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void aPeerStopsReading() throws Exception {
    try (TcpPeer peer =
            TcpPeer.builder().behaviour(Behaviour.stalled()).receiveBuffer(4_096).start();
        Socket client = new Socket()) {
      client.setSendBufferSize(4_096);
      client.connect(peer.address());
      // … the client's write timeout is put to the test here …
      peer.awaitAccepted(1).resume(); // reads on
    }
  }

  @Test
  void aProxyCutsAReply() throws Exception {
    try (TcpPeer server = TcpPeer.start(Behaviour.echo());
        FaultProxy proxy = FaultProxy.to(server.address());
        Socket client = new Socket("127.0.0.1", proxy.port())) {
      proxy.both().latency(Duration.ofMillis(10), Duration.ofMillis(5));
      client.getOutputStream().write("hello".getBytes(UTF_8));
      proxy.downstream().cutAfter(3); // a FIN in the middle of the reply
      assertThat(client.getInputStream().readAllBytes()).isEqualTo("hel".getBytes(UTF_8));
      proxy.heal();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void anAddressDoesNotAnswer() throws Exception {
    try (Blackhole hole = Blackhole.open();
        Socket client = new Socket()) {
      assertThatThrownBy(() -> client.connect(hole.address(), 200))
          .isInstanceOf(SocketTimeoutException.class);
    }
    assertThatThrownBy(() -> new Socket("127.0.0.1", Ports.unused()))
        .isInstanceOf(ConnectException.class);
  }

  private static String snippet(MatchResult block) {
    return withoutSpace(block.group(1));
  }

  private static String withoutSpace(String code) {
    return code.replaceAll("\\s", "");
  }
}
