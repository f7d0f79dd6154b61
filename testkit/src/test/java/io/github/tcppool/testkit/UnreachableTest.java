package io.github.tcppool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnreachableTest {

  @Test
  void anUnusedPortRefuses() {
    assertThatThrownBy(() -> connect(Ports.unusedAddress()))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("refused");
  }

  @Test
  void anUnusedPortIsKeptFromOthers() throws Exception {
    InetSocketAddress address = Ports.unusedAddress();
    try (ServerSocket other = new ServerSocket()) {
      other.setReuseAddress(false);
      assertThatThrownBy(() -> other.bind(address)).isInstanceOf(BindException.class);
    }
  }

  @Test
  void thePortOfAPeerThatIsDownIsKeptFromOthersUntilThePeerIsClosed() throws Exception {
    InetSocketAddress address;
    try (ServerSocket other = new ServerSocket()) {
      other.setReuseAddress(false);
      try (TcpPeer peer = TcpPeer.start(Behaviour.echo())) {
        address = peer.address();
        peer.kill();
        assertThatThrownBy(() -> other.bind(address)).isInstanceOf(BindException.class);
        assertThatThrownBy(() -> connect(address)).isInstanceOf(ConnectException.class);
        peer.restart();
        connect(address);
        peer.kill();
      }
      other.setReuseAddress(true); // a connection that has ended may be remembered for a while
      other.bind(address);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aBlackholeNeverAnswersAndRefusesOnceItIsClosed() {
    InetSocketAddress address;
    try (Blackhole hole = Blackhole.open()) {
      address = hole.address();
      assertThat(hole.hostPort()).isEqualTo("127.0.0.1:" + hole.port());
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> connect(hole.address()))
            .isInstanceOf(SocketTimeoutException.class);
      }
    }
    assertThatThrownBy(() -> connect(address)).isInstanceOf(ConnectException.class);
  }

  @Test
  void aPeerThatAcceptsNothingConnectsTheFirstClientsAllTheSame() throws Exception {
    try (TcpPeer peer = TcpPeer.builder().acceptsNothing().start();
        Client client = Client.connect(peer.address())) {
      client.send("x");
      client.socket.setSoTimeout(50);
      assertThatThrownBy(client::readByte).isInstanceOf(SocketTimeoutException.class);
      assertThat(peer.accepted()).isZero();
      client.socket.setSoTimeout(5_000);
      peer.resumeAccepting();
      assertThat(client.read(1)).isEqualTo("x");

      peer.pauseAccepting();
      try (Client waiting = Client.connect(peer.address())) {
        waiting.socket.setSoTimeout(50);
        assertThatThrownBy(waiting::readByte).isInstanceOf(SocketTimeoutException.class);
        assertThat(peer.accepted()).isEqualTo(1);
        peer.kill();
        assertThatThrownBy(waiting::readByte).hasMessageContaining("reset");
      }
    }
  }

  private static void connect(InetSocketAddress address) throws Exception {
    try (Socket socket = new Socket()) {
      socket.connect(address, 150);
    }
  }
}
