package io.github.tcppool.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScriptTest {

  @Test
  void aScriptExpectsAnswersAndCloses() throws Exception {
    Script script =
        Script.begin()
            .send("220 ready\n")
            .expect("HELO me\n")
            .delay(Duration.ofMillis(1))
            .sendInPieces("250 ok\n".getBytes(UTF_8), 3, Duration.ofMillis(1))
            .expectFrame()
            .send("221 bye\n")
            .close();
    try (TcpPeer peer = TcpPeer.start(script);
        Client client = Client.connect(peer.address())) {
      assertThat(client.read(10)).isEqualTo("220 ready\n");
      assertThat(client.send("HELO me\n").read(7)).isEqualTo("250 ok\n");
      assertThat(client.send("QUIT\n").readAll()).isEqualTo("221 bye\n");
      peer.awaitOpen(0);
      assertThat(peer.failures()).isEmpty();
    }
  }

  @Test
  void aScriptNoticesTheFirstWrongByteWithoutWaitingForTheRest() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Script.begin().expect("PING\n").send("PONG\n"));
        Client client = Client.connect(peer.address())) {
      client.send("PI");
      peer.awaitBytes(2);
      client.send("X\u0001");
      assertThatThrownBy(client::readByte).isInstanceOf(SocketException.class);
      peer.awaitOpen(0);
      assertThat(peer.failures())
          .singleElement()
          .asString()
          .contains("was to send \"PING\\n\", but sent \"PI\" and then \"X\\x01\"");
    }
  }

  @Test
  void aScriptNoticesAClientThatEndsEarly() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Script.begin().expect("PING\n"));
        Client client = Client.connect(peer.address())) {
      client.send("PI").halfClose();
      assertThatThrownBy(client::readByte).isInstanceOf(SocketException.class);
      peer.awaitOpen(0);
      assertThat(peer.failures()).singleElement().asString().contains("\"PI\" and a FIN");
    }
  }

  @Test
  void aScriptRepeatsAndThenGivesWay() throws Exception {
    Behaviour behaviour =
        Script.begin().expect("PING\n").send("PONG\n").times(2).then(Behaviour.reset());
    try (TcpPeer peer = TcpPeer.start(behaviour);
        Client client = Client.connect(peer.address())) {
      assertThat(client.exchange("PING\n")).isEqualTo("PONG\n");
      assertThat(client.exchange("PING\n")).isEqualTo("PONG\n");
      assertThatThrownBy(client::readByte).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void aScriptHalfClosesAndListensOn() throws Exception {
    Behaviour behaviour = Script.begin().send("bye").halfClose().expect("thanks");
    try (TcpPeer peer = TcpPeer.start(behaviour);
        Client client = Client.connect(peer.address())) {
      assertThat(client.readAll()).isEqualTo("bye");
      client.send("thanks");
      peer.awaitOpen(0);
      assertThat(peer.failures()).isEmpty();
    }
  }
}
