package io.github.tcppool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a peer goes, and comes back. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TcpPeerOutageTest {

  @Test
  void resetAllHasReachedTheClientWhenItReturns() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo())) {
      for (int round = 1; round <= 50; round++) {
        try (SocketChannel client = SocketChannel.open(peer.address())) {
          client.configureBlocking(false);
          peer.awaitAccepted(round);
          peer.resetAll();
          assertThat(peer.open()).isZero();
          assertThatThrownBy(() -> client.read(ByteBuffer.allocate(1)))
              .isInstanceOf(IOException.class)
              .hasMessageContaining("reset");
        }
      }
    }
  }

  @Test
  void closeAllHasReachedTheClientWhenItReturns() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo())) {
      for (int round = 1; round <= 50; round++) {
        try (SocketChannel client = SocketChannel.open(peer.address())) {
          client.configureBlocking(false);
          peer.awaitAccepted(round);
          peer.closeAll();
          assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void resetAllAndCloseAllLeaveThePortOpen() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo())) {
      peer.resetAll();
      peer.closeAll();
      try (Client client = Client.connect(peer.address())) {
        assertThat(client.exchange("again\n")).isEqualTo("again\n");
      }
    }
  }

  @Test
  void killResetsConnectionsAndRefusesUntilRestartOnTheSamePort() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo());
        Client client = Client.connect(peer.address())) {
      int port = peer.port();
      peer.awaitAccepted(1);

      peer.kill();
      assertThatThrownBy(client::readByte).isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> Client.connect(peer.address())).isInstanceOf(ConnectException.class);

      peer.restart();
      assertThat(peer.port()).isEqualTo(port);
      try (Client next = Client.connect(peer.address())) {
        assertThat(next.exchange("back\n")).isEqualTo("back\n");
      }
      assertThat(peer.accepted()).isEqualTo(2);
    }
  }

  @Test
  void restartManyTimesAlwaysGetsItsPortBack() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo())) {
      for (int round = 0; round < 50; round++) {
        try (Client client = Client.connect(peer.address())) {
          client.exchange("x\n");
          peer.closeAll();
          peer.restart();
        }
      }
      assertThat(peer.accepted()).isEqualTo(50);
    }
  }

  @Test
  void stopTakesEveryByteOfClientsThatAreConnectedEvenFromTheBacklog() throws Exception {
    try (TcpPeer peer = TcpPeer.builder().behaviour(Behaviour.sink()).acceptsNothing().start()) {
      for (int i = 0; i < 5; i++) {
        try (Client client = Client.connect(peer.address())) {
          client.send("message " + i + "\n");
        }
      }
      assertThat(peer.accepted()).isZero();

      assertThat(peer.stop()).isTrue();
      assertThat(peer.texts())
          .containsExactlyInAnyOrder(
              "message 0\n", "message 1\n", "message 2\n", "message 3\n", "message 4\n");
      assertThatThrownBy(() -> Client.connect(peer.address())).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void stopHalfClosesAndReadsOnUntilTheClientEnds() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.stalled());
        Client client = Client.connect(peer.address())) {
      peer.awaitAccepted(1);
      client.send("first\n");
      Thread stopper = new Thread(peer::stop, "stopper");
      stopper.start();
      assertThat(client.readByte()).as("the peer's FIN").isEqualTo(-1);
      client.send("last\n").close();
      stopper.join();
      assertThat(peer.texts()).containsExactly("first\n", "last\n");
    }
  }

  @Test
  void stopResetsClientsThatDoNotEndWithinTheLimit() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink());
        Client client = Client.connect(peer.address())) {
      peer.awaitAccepted(1);
      assertThat(peer.stop(Duration.ofMillis(20))).isFalse();
      assertThat(peer.open()).isZero();
      assertThat(client.readByte()).as("the peer's FIN").isEqualTo(-1);
      assertThatThrownBy(() -> client.send("too late"))
          .as("the RST behind it")
          .isInstanceOf(SocketException.class);
    }
  }
}
