package io.github.tcppool.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How one behaviour takes over from another. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BehaviourChangeTest {

  @Test
  void halfCloseAfterBytesAnswersThoseOnly() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo().afterBytes(3, Behaviour.halfClose()));
        Client client = Client.connect(peer.address())) {
      client.send("abcdef");
      assertThat(client.readAll()).isEqualTo("abc");
      peer.awaitBytes(6);
    }
  }

  @Test
  void stalledGivesWayToABehaviourThatReads() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.stalled());
        Client client = Client.connect(peer.address())) {
      client.send("held\n");
      client.socket.setSoTimeout(50);
      assertThatThrownBy(client::readByte).isInstanceOf(SocketTimeoutException.class);
      client.socket.setSoTimeout(5_000);
      peer.behave(Behaviour.echo());
      assertThat(client.read(5)).isEqualTo("held\n");
    }
  }

  @Test
  void resetAfterBytesTakesExactlyThose() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink().afterBytes(10, Behaviour.reset()));
        Client client = Client.connect(peer.address())) {
      client.send("0123456789and more");
      assertThatThrownBy(client::readByte).isInstanceOf(SocketException.class);
      peer.awaitOpen(0);
      assertThat(peer.bytesReceived()).isEqualTo(10);
      assertThat(peer.connection(1).received()).isEqualTo("0123456789".getBytes(UTF_8));
    }
  }

  @Test
  void closeAfterFramesAnswersThoseThatCameTogetherWithLaterOnes() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo().afterFrames(2, Behaviour.halfClose()));
        Client client = Client.connect(peer.address())) {
      client.send("one\ntwo\nthree\n");
      assertThat(client.readAll()).isEqualTo("one\ntwo\n");
    }
  }

  @Test
  void limitsNestAndTheInnerOneLeavesTheOuterInForce() throws Exception {
    Behaviour behaviour =
        Behaviour.echo().afterFrames(1, Behaviour.sink()).afterFrames(3, Behaviour.halfClose());
    try (TcpPeer peer = TcpPeer.start(behaviour);
        Client client = Client.connect(peer.address())) {
      client.send("one\ntwo\nthree\nfour\n");
      assertThat(client.readAll()).isEqualTo("one\n");
      peer.awaitFrames(4);
    }
  }

  @Test
  void theOuterLimitLeavesTheInnerBehaviourForGood() throws Exception {
    Behaviour behaviour =
        Behaviour.echo()
            .afterFrames(3, Behaviour.sends("wrong"))
            .afterFrames(1, Behaviour.halfClose());
    try (TcpPeer peer = TcpPeer.start(behaviour);
        Client client = Client.connect(peer.address())) {
      client.send("one\ntwo\nthree\nfour\n");
      assertThat(client.readAll()).isEqualTo("one\n");
    }
  }

  @Test
  void behaveLeavesALimitedBehaviourWithoutRunningWhatWouldFollowIt() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink().afterBytes(100, Behaviour.reset()));
        Client client = Client.connect(peer.address())) {
      peer.awaitAccepted(1);
      peer.behave(Behaviour.echo());
      assertThat(client.exchange("ok\n")).isEqualTo("ok\n");
    }
  }

  @Test
  void behaveChangesOpenConnectionsAndLaterOnesWithoutLosingAByte() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo());
        Client old = Client.connect(peer.address())) {
      assertThat(old.exchange("a\n")).isEqualTo("a\n");
      peer.behave(
          Behaviour.replies(
              line -> new String(line, UTF_8).toUpperCase(Locale.ROOT).getBytes(UTF_8)));
      assertThat(old.exchange("b\n")).isEqualTo("B\n");
      try (Client later = Client.connect(peer.address())) {
        assertThat(later.exchange("c\n")).isEqualTo("C\n");
      }
      peer.behave(Behaviour.reset());
      assertThatThrownBy(old::readByte).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void behaveForNewLeavesOpenConnectionsAlone() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo());
        Client old = Client.connect(peer.address())) {
      peer.awaitAccepted(1);
      peer.behaveForNew(Behaviour.close());
      try (Client later = Client.connect(peer.address())) {
        assertThat(later.readByte()).isEqualTo(-1);
      }
      assertThat(old.exchange("a\n")).isEqualTo("a\n");
    }
  }

  @Test
  void behaveReachesABehaviourThatIsWaiting() throws Exception {
    Behaviour sleepy = Behaviour.delay(Duration.ofHours(1)).then(Behaviour.sink());
    try (TcpPeer peer = TcpPeer.start(sleepy);
        Client client = Client.connect(peer.address())) {
      peer.awaitAccepted(1);
      peer.behave(Behaviour.echo());
      assertThat(client.exchange("awake\n")).isEqualTo("awake\n");
    }
  }

  @Test
  void floodSendsWithoutEndUntilAnotherBehaviourTakesOver() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.flood(new byte[1 << 16]));
        Client client = Client.connect(peer.address())) {
      assertThat(client.socket.getInputStream().readNBytes(16 << 20)).hasSize(16 << 20);
      peer.behave(Behaviour.halfClose());
      client.socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
  }
}
