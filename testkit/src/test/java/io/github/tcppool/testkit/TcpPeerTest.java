package io.github.tcppool.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TcpPeerTest {

  @Test
  void echoSendsBackWhatItReadsAndEndsWithTheClient() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo());
        Client client = Client.connect(peer.address())) {
      assertThat(client.exchange("hello\n")).isEqualTo("hello\n");
      client.halfClose();
      assertThat(client.readByte()).isEqualTo(-1);
      peer.awaitOpen(0);
      assertThat(peer.connection(1).sawEnd()).isTrue();
      assertThat(peer.connection(1).sawReset()).isFalse();
      assertThat(peer.connection(1).bytesSent()).isEqualTo(6);
      assertThat(peer.failures()).isEmpty();
    }
  }

  @Test
  void sinkCountsBytesAndFramesOfAllConnectionsAndNeverAnswers() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink());
        Client first = Client.connect(peer.address());
        Client second = Client.connect(peer.address())) {
      first.send("a\nb\nunfini");
      peer.awaitFrames(2);
      second.send("c\n");
      peer.awaitBytes(12);
      first.send("shed\n");
      peer.awaitFrames(4);

      assertThat(peer.texts()).containsExactly("a\n", "b\n", "c\n", "unfinished\n");
      assertThat(peer.connection(1).framesReceived()).isEqualTo(3);
      assertThat(peer.connection(2).received()).isEqualTo("c\n".getBytes(UTF_8));
      assertThat(peer.accepted()).isEqualTo(2);
      assertThat(peer.open()).isEqualTo(2);
      assertThat(peer.connection(1).remoteAddress().getPort())
          .isEqualTo(first.socket.getLocalPort());
      first.halfClose();
      assertThat(first.readAll()).isEmpty();
    }
  }

  @Test
  void framesAreKeptUpToTheBoundAndCountedBeyondIt() throws Exception {
    try (TcpPeer peer = TcpPeer.builder().behaviour(Behaviour.sink()).keepFrames(2).start();
        Client client = Client.connect(peer.address())) {
      client.send("a\nb\nc\n");
      peer.awaitFrames(3);
      assertThat(peer.texts()).containsExactly("a\n", "b\n");
    }
  }

  @Test
  void behaveMissesNoConnectionThatIsJustBeingAccepted() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sends("a").then(Behaviour.echo()))) {
      for (int round = 1; round <= 50; round++) {
        try (Client client = Client.connect(peer.address())) {
          peer.behave(Behaviour.close());
          assertThat(client.readAll()).isIn("", "a");
          peer.behaveForNew(Behaviour.sends("a").then(Behaviour.echo()));
        }
      }
    }
  }

  @Test
  void aPausedPeerReadsNothingUntilItIsResumed() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo());
        Client client = Client.connect(peer.address())) {
      client.exchange("x");
      peer.pause();
      client.send("held");
      client.socket.setSoTimeout(50);
      assertThatThrownBy(client::readByte).hasMessageContaining("timed out");
      assertThat(peer.bytesReceived()).isEqualTo(1);
      client.socket.setSoTimeout(5_000);
      peer.resume();
      assertThat(client.read(4)).isEqualTo("held");
    }
  }

  @Test
  void aPeerListensOnIpv6AndOnAFixedPort() throws Exception {
    int port = Ports.unused();
    try (TcpPeer peer = TcpPeer.builder().ipv6().port(port).start();
        Client client = Client.connect(peer.address())) {
      assertThat(peer.hostPort()).isEqualTo("[::1]:" + port);
      assertThat(client.exchange("six\n")).isEqualTo("six\n");
    }
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo())) {
      assertThat(peer.hostPort()).isEqualTo("127.0.0.1:" + peer.port());
    }
  }

  @Test
  void sendAllWritesUnaskedOnEveryOpenConnection() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink());
        Client first = Client.connect(peer.address());
        Client second = Client.connect(peer.address())) {
      peer.awaitAccepted(2);
      peer.sendAll("surprise".getBytes(UTF_8));
      assertThat(first.read(8)).isEqualTo("surprise");
      assertThat(second.read(8)).isEqualTo("surprise");
    }
  }

  @Test
  void awaitingWhatDoesNotHappenFailsAndSaysWhatWasSeen() throws Exception {
    try (TcpPeer peer = TcpPeer.builder().patience(Duration.ofMillis(20)).start();
        Client client = Client.connect(peer.address())) {
      client.exchange("abc");
      assertThatThrownBy(() -> peer.awaitFrames(1))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("at least 1 frames by " + peer.hostPort())
          .hasMessageContaining("1 accepted, 1 open, 3 bytes and 0 frames");
      assertThatThrownBy(() -> peer.connection(1).awaitEnd())
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("the client's FIN on connection 1")
          .hasMessageContaining("3 bytes, 0 frames, open");
    }
  }

  @Test
  void theClientsResetIsToldFromItsFin() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      Client client = Client.connect(peer.address());
      PeerConnection connection = peer.awaitAccepted(1);
      client.reset();
      connection.awaitReset();
      connection.awaitClosed();
      assertThat(connection.sawEnd()).isFalse();
    }
  }

  @Test
  void closeEndsAllThreadsAlsoThoseInABlockedHandlerAndIsIdempotent() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    TcpPeer peer = TcpPeer.start(connection -> never.await());
    try (Client client = Client.connect(peer.address())) {
      peer.awaitAccepted(1);
      assertThat(Tasks.testkitThreads()).isNotEmpty();
      peer.close();
      peer.close();
      assertThat(Tasks.testkitThreads()).isEmpty();
      assertThat(peer.failures()).isEmpty();
      assertThatThrownBy(client::readByte).isInstanceOf(SocketException.class);
    }
    assertThatThrownBy(peer::restart).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatAHandlerThrowsIsKeptAndResetsTheConnection() throws Exception {
    AssertionError wrong = new AssertionError("not what I expected");
    try (TcpPeer peer =
            TcpPeer.start(
                connection -> {
                  connection.read();
                  throw wrong;
                });
        Client client = Client.connect(peer.address())) {
      client.send("x");
      assertThatThrownBy(client::readByte).isInstanceOf(SocketException.class);
      peer.awaitOpen(0);
      assertThat(peer.failures()).isEqualTo(List.of(wrong));
    }
  }
}
