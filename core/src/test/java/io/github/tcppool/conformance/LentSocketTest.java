package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A difference: closing a lent socket gives its connection back, as it was. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#lent")
class LentSocketTest extends Conformance.Connected {

  /** Who has the connection after a close: the same connection, and all is well with it. */
  private Socket next() throws IOException {
    int port = socket.getLocalPort();
    socket.close();
    Socket next = site.connected();
    assertThat(next.getLocalPort()).as("the same connection").isEqualTo(port);
    return next;
  }

  @Test
  void closingGivesTheConnectionBackAndThePeerSeesNothing() throws IOException {
    assertWorks();
    try (Socket next = next()) {
      next.getOutputStream().write(5);
      assertThat(peer.getInputStream().read()).isEqualTo(5);
    }
  }

  @Test
  void discardingEndsTheConnection() throws IOException {
    ((PooledSocket) socket).discard();
    assertThat(peer.getInputStream().read()).isEqualTo(-1);
    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  void optionsArePutBack() throws IOException {
    Map<SocketOption<?>, Object> before = new HashMap<>();
    for (SocketOption<?> option : socket.supportedOptions()) {
      if (!option.name().equals("SO_INCOMING_NAPI_ID")) { // the kernel's own
        before.put(option, socket.getOption(option));
      }
    }
    socket.setTcpNoDelay(!socket.getTcpNoDelay());
    socket.setKeepAlive(!socket.getKeepAlive());
    socket.setReuseAddress(!socket.getReuseAddress());
    socket.setTrafficClass(0x10);
    socket.setSoTimeout(1);
    Socket unused = socket.setOption(StandardSocketOptions.SO_LINGER, 4);
    try (Socket next = next()) {
      for (SocketOption<?> option : before.keySet()) {
        assertThat(next.getOption(option)).as(option.name()).isEqualTo(before.get(option));
      }
      assertThat(next.getSoTimeout()).isZero();
    }
  }

  @Test
  void aLingerOfNothingDoesNotResetOnClose() throws IOException {
    socket.setSoLinger(true, 0);
    try (Socket next = next()) {
      assertThat(next.getSoLinger()).isEqualTo(-1);
      next.getOutputStream().write(5);
      assertThat(peer.getInputStream().read()).isEqualTo(5);
    }
  }

  @Test
  void aDeadlineEndsWithTheLease() throws IOException {
    ((DeadlineSocket) socket).setDeadline(Duration.ZERO);
    assertThatThrownBy(() -> ((DeadlineSocket) socket).setDeadline(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    try (Socket next = next()) {
      next.getOutputStream().write(5);
      assertThat(peer.getInputStream().read()).isEqualTo(5);
      peer.getOutputStream().write(6);
      assertThat(next.getInputStream().read()).isEqualTo(6);
    }
  }

  @Test
  void whatTheNextBorrowerDoesIsNotSeen() throws IOException {
    try (Socket next = next()) {
      next.shutdownInput();
      next.shutdownOutput();
      next.setSoTimeout(99);
      assertThat(socket.isInputShutdown()).isFalse();
      assertThat(socket.isOutputShutdown()).isFalse();
      assertThat(socket.getLocalAddress().isAnyLocalAddress()).isTrue();
      assertThatThrownBy(socket::getSoTimeout).isInstanceOf(SocketException.class);
    }
  }

  /** Either it was in time, and is put back, or too late, and is refused. */
  @Test
  void anOptionThatIsSetWhileTheLeaseEndsDoesNotReachTheNextBorrower() throws Exception {
    Loopback.Inside<Void> peers = beside(this::acceptAll);
    boolean keepAlive = socket.getKeepAlive();
    for (int round = 0; round < 150; round++) {
      Socket mine = round == 0 ? socket : site.connected();
      Loopback.Inside<Void> setter = beside(() -> settingUntilRefused(mine, !keepAlive));
      for (int i = 0; i < round % 7; i++) {
        Thread.onSpinWait();
      }
      mine.close();
      try (Socket next = site.connected()) {
        assertThatThrownBy(setter::result).isInstanceOf(SocketException.class);
        assertThat(next.getKeepAlive()).as("round %d", round).isEqualTo(keepAlive);
        assertThat(next.getSoLinger()).as("round %d", round).isEqualTo(-1);
      }
    }
    server.close();
    assertThatThrownBy(peers::result).isInstanceOf(IOException.class);
  }

  /** A connection that was ended is replaced: there is always somebody to accept the next one. */
  private Void acceptAll() throws IOException {
    List<Socket> peers = new ArrayList<>();
    try {
      while (true) {
        peers.add(server.accept());
      }
    } finally {
      for (Socket one : peers) {
        one.close();
      }
    }
  }

  private static Void settingUntilRefused(Socket mine, boolean keepAlive) throws IOException {
    while (true) {
      mine.setKeepAlive(keepAlive);
      mine.setSoLinger(true, 3);
    }
  }

  @Test
  void whatASpoiltConnectionWasLentForIsTold() throws IOException {
    socket.shutdownOutput();
    socket.close();
    peer.close();
    await().until(() -> site.pool().snapshot().endpoints().get(0).total() == 0);
    assertThat(site.pool().snapshot().closedBy()).hasSize(1);
  }
}
