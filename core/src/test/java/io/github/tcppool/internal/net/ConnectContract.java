package io.github.tcppool.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The part of {@link SocketContract} up to and including connect, and options. */
@Timeout(20)
public abstract class ConnectContract {

  protected Loopback server;
  protected Socket socket;
  protected Socket peer;

  /** An unconnected socket. */
  protected abstract Socket create() throws IOException;

  @BeforeEach
  final void open() throws IOException {
    server = new Loopback();
    socket = create();
  }

  @AfterEach
  final void close() throws IOException {
    socket.close();
    if (peer != null) {
      peer.close();
    }
    server.close();
  }

  protected final void connect() throws IOException {
    socket.connect(server.address());
    peer = server.accept();
  }

  // ---- before connect ----

  @Test
  final void anUnconnectedSocketSaysSo() {
    assertThat(socket.isConnected()).isFalse();
    assertThat(socket.isBound()).isFalse();
    assertThat(socket.isClosed()).isFalse();
    assertThat(socket.getPort()).isZero();
    assertThat(socket.getLocalPort()).isEqualTo(-1);
    assertThat(socket.getInetAddress()).isNull();
    assertThat(socket.getRemoteSocketAddress()).isNull();
    assertThat(socket.getLocalSocketAddress()).isNull();
    assertThat(socket.getLocalAddress().isAnyLocalAddress()).isTrue();
    assertThatThrownBy(socket::getInputStream)
        .isInstanceOf(SocketException.class)
        .hasMessage("Socket is not connected");
    assertThatThrownBy(socket::getOutputStream).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::shutdownOutput).isInstanceOf(SocketException.class);
  }

  @Test
  final void optionsSetBeforeConnectHoldAfterIt() throws IOException {
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    socket.setSoTimeout(1234);
    socket.setSoLinger(true, 7);
    socket.setOption(StandardSocketOptions.SO_SNDBUF, 32 << 10);
    connect();

    assertThat(socket.getTcpNoDelay()).isTrue();
    assertThat(socket.getKeepAlive()).isTrue();
    assertThat(socket.getSoTimeout()).isEqualTo(1234);
    assertThat(socket.getSoLinger()).isEqualTo(7);
    assertThat(socket.getSendBufferSize()).isEqualTo(32 << 10);
    socket.setSoLinger(false, 0);
    assertThat(socket.getSoLinger()).isEqualTo(-1);
  }

  @Test
  final void aBoundSocketConnectsFromThere() throws IOException {
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    int port = socket.getLocalPort();
    assertThat(socket.isBound()).isTrue();
    assertThat(port).isPositive();
    assertThatThrownBy(() -> socket.bind(null)).isInstanceOf(SocketException.class);
    connect();

    assertThat(peer.getPort()).isEqualTo(port);
  }

  // ---- connect ----

  @Test
  final void aConnectedSocketTellsBothEnds() throws IOException {
    socket.connect(server.address(), 5_000);
    peer = server.accept();

    assertThat(socket.isConnected()).isTrue();
    assertThat(socket.isBound()).isTrue();
    assertThat(socket.getPort()).isEqualTo(server.address().getPort());
    assertThat(socket.getInetAddress()).isEqualTo(server.address().getAddress());
    assertThat(socket.getLocalPort()).isEqualTo(peer.getPort());
    assertThat(socket.getLocalAddress()).isEqualTo(InetAddress.getLoopbackAddress());
    assertThatThrownBy(() -> socket.connect(server.address())).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> socket.bind(null)).isInstanceOf(SocketException.class);
  }

  @Test
  final void aSocketIsOfNoUseAfterARefusedConnect() throws IOException {
    InetSocketAddress nobody = server.address();
    server.close();

    assertThatThrownBy(() -> socket.connect(nobody, 2_000)).isInstanceOf(IOException.class);
    assertThat(socket.isConnected()).isFalse();
    assertThatThrownBy(() -> socket.connect(nobody)).isInstanceOf(SocketException.class);
  }

  @Test
  final void wrongArgumentsAreRefused() {
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 9);
    assertThatThrownBy(() -> socket.connect(server.address(), -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.connect(null)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.setSoTimeout(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.setTrafficClass(256))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.setSendBufferSize(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.connect(unresolved, 100))
        .isInstanceOf(UnknownHostException.class);
  }

  // ---- options ----

  @Test
  final void optionsAreSetAndToldByEitherName() throws IOException {
    connect();
    assertThat(socket.supportedOptions())
        .contains(StandardSocketOptions.TCP_NODELAY, StandardSocketOptions.SO_LINGER);
    assertThat(socket.setOption(StandardSocketOptions.TCP_NODELAY, true)).isSameAs(socket);
    assertThat(socket.getTcpNoDelay()).isTrue();
    socket.setTcpNoDelay(false);
    assertThat(socket.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
    socket.setReuseAddress(true);
    assertThat(socket.getReuseAddress()).isTrue();
    socket.setOOBInline(true);
    assertThat(socket.getOOBInline()).isTrue();
    assertThatThrownBy(() -> socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
