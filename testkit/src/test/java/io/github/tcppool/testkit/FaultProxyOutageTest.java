package io.github.tcppool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a proxy does as a whole. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultProxyOutageTest extends ProxyFixture {

  @Test
  void resetAllIsSeenByBothSidesAndNewConnectionsWork() throws Exception {
    proxy.resetAll();
    assertThatThrownBy(client::readByte).isInstanceOf(SocketException.class);
    peer.connection(1).awaitReset();
    try (Client next = Client.connect(proxy.address())) {
      assertThat(next.exchange("y")).isEqualTo("y");
    }
  }

  @Test
  void closeAllSendsAFinToBothSides() throws Exception {
    proxy.closeAll();
    assertThat(client.readByte()).isEqualTo(-1);
    peer.connection(1).awaitEnd();
  }

  @Test
  void blackholeAcceptsAndAnswersNothingEvenWithoutAServer() throws Exception {
    proxy.blackhole();
    peer.kill();
    try (Client next = Client.connect(proxy.address())) {
      next.send("anybody?").halfClose();
      awaitRead(proxy.upstream(), 9);
      next.socket.setSoTimeout(50);
      assertThatThrownBy(next::readByte).isInstanceOf(SocketTimeoutException.class);
      assertThat(proxy.upstream().bytesForwarded()).isEqualTo(1);

      peer.restart();
      proxy.heal();
      next.socket.setSoTimeout(5_000);
      assertThatThrownBy(next::readByte).isInstanceOf(SocketException.class);
    }
    try (Client next = Client.connect(proxy.address())) {
      assertThat(next.exchange("y")).isEqualTo("y");
    }
  }

  @Test
  void refuseClosesThePortOnlyAndHealOpensIt() throws Exception {
    proxy.refuse();
    assertThatThrownBy(() -> Client.connect(proxy.address())).isInstanceOf(ConnectException.class);
    assertThat(client.exchange("still here")).isEqualTo("still here");
    proxy.heal();
    try (Client next = Client.connect(proxy.address())) {
      assertThat(next.exchange("y")).isEqualTo("y");
    }
  }

  @Test
  void pauseAcceptingLeavesClientsConnectedAndUnserved() throws Exception {
    proxy.pauseAccepting();
    try (Client next = Client.connect(proxy.address())) {
      next.send("y");
      next.socket.setSoTimeout(50);
      assertThatThrownBy(next::readByte).isInstanceOf(SocketTimeoutException.class);
      assertThat(proxy.accepted()).isEqualTo(1);
      next.socket.setSoTimeout(5_000);
      proxy.resumeAccepting();
      assertThat(next.read(1)).isEqualTo("y");
    }
  }

  @Test
  void restartDropsEverythingAndComesBackOnTheSamePort() throws Exception {
    int port = proxy.port();
    proxy.restart();
    assertThatThrownBy(client::readByte).isInstanceOf(SocketException.class);
    assertThat(proxy.port()).isEqualTo(port);
    try (Client next = Client.connect(proxy.address())) {
      assertThat(next.exchange("y")).isEqualTo("y");
    }
  }

  @Test
  void retargetMovesNewConnectionsOnly() throws Exception {
    try (TcpPeer other = TcpPeer.start(Behaviour.sends("other"))) {
      proxy.retarget(other.address());
      try (Client next = Client.connect(proxy.address())) {
        assertThat(next.read(5)).isEqualTo("other");
      }
      assertThat(client.exchange("old")).isEqualTo("old");
    }
  }

  @Test
  void aServerThatRefusesIsARstToTheClient() throws Exception {
    proxy.retarget(Ports.unusedAddress());
    assertThatThrownBy(
            () -> {
              try (Client next = Client.connect(proxy.address())) {
                next.readByte();
              }
            })
        .isInstanceOf(SocketException.class);
  }

  @Test
  void closeEndsAllThreadsAndIsIdempotent() throws Exception {
    proxy.upstream().stall();
    client.send("held");
    proxy.close();
    proxy.close();
    assertThat(Tasks.testkitThreads()).allMatch(name -> name.startsWith("testkit-peer"));
    assertThatThrownBy(client::readByte).isInstanceOf(SocketException.class);
    assertThatThrownBy(proxy::restart).isInstanceOf(IllegalStateException.class);
  }
}
