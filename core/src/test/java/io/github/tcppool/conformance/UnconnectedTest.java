package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A socket that is not connected yet. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#unconnected")
class UnconnectedTest extends Conformance {

  private Socket socket;
  private Socket peer;

  @BeforeEach
  void open() throws IOException {
    socket = site.unconnected();
  }

  @AfterEach
  void close() throws IOException {
    if (peer != null) {
      peer.close();
    }
    socket.close();
  }

  private void connect() throws IOException {
    socket.connect(server.address());
    peer = server.accept();
  }

  @Test
  void itSaysSo() {
    assertThat(socket.isConnected()).isFalse();
    assertThat(socket.isBound()).isFalse();
    assertThat(socket.isClosed()).isFalse();
    assertThat(socket.isInputShutdown()).isFalse();
    assertThat(socket.isOutputShutdown()).isFalse();
    assertThat(socket.getPort()).isZero();
    assertThat(socket.getLocalPort()).isEqualTo(-1);
    assertThat(socket.getInetAddress()).isNull();
    assertThat(socket.getRemoteSocketAddress()).isNull();
    assertThat(socket.getLocalSocketAddress()).isNull();
    assertThat(socket.getLocalAddress().isAnyLocalAddress()).isTrue();
    assertThat(socket.getChannel()).isNull();
    assertThat(socket.toString()).contains("unconnected");
  }

  @Test
  void itHasNoStreamsAndNothingToEnd() {
    assertThatThrownBy(socket::getInputStream)
        .isInstanceOf(SocketException.class)
        .hasMessage("Socket is not connected");
    assertThatThrownBy(socket::getOutputStream).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::shutdownInput).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::shutdownOutput).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> socket.sendUrgentData(1)).isInstanceOf(IOException.class);
    assertThat(socket.isClosed()).isFalse();
  }

  @Test
  void optionsSetNowHoldAfterTheConnect() throws IOException {
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    socket.setSoTimeout(1234);
    socket.setSoLinger(true, 7);
    socket.setOOBInline(true);
    Socket unused = socket.setOption(StandardSocketOptions.SO_SNDBUF, 32 << 10);
    socket.setReceiveBufferSize(20_000);
    connect();

    assertThat(socket.getTcpNoDelay()).isTrue();
    assertThat(socket.getKeepAlive()).isTrue();
    assertThat(socket.getSoTimeout()).isEqualTo(1234);
    assertThat(socket.getSoLinger()).isEqualTo(7);
    assertThat(socket.getOOBInline()).isTrue();
    assertThat(socket.getSendBufferSize()).isEqualTo(32 << 10);
    assertThat(socket.getReceiveBufferSize()).isGreaterThanOrEqualTo(20_000);
    socket.setSoLinger(false, 0);
    assertThat(socket.getSoLinger()).isEqualTo(-1);
  }

  @Test
  void everyOptionIsTold() throws IOException {
    for (SocketOption<?> option : socket.supportedOptions()) {
      if (!option.name().equals("SO_INCOMING_NAPI_ID")) { // which asks for a connection
        assertThat(socket.getOption(option)).as(option.name()).isNotNull();
      }
    }
  }

  // ---- bind ----

  @Test
  void whenBoundItSaysWhereAndConnectsFromThere() throws IOException {
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    int port = socket.getLocalPort();
    assertThat(socket.isBound()).isTrue();
    assertThat(socket.isConnected()).isFalse();
    assertThat(port).isPositive();
    assertThat(socket.getLocalAddress()).isEqualTo(InetAddress.getLoopbackAddress());
    assertThat(socket.getLocalSocketAddress())
        .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    assertThatThrownBy(() -> socket.bind(null)).isInstanceOf(SocketException.class);
    connect();
    assertThat(peer.getPort()).isEqualTo(port);
    assertThat(socket.getLocalPort()).isEqualTo(port);
  }

  @Test
  void bindingToNullTakesAnyPort() throws IOException {
    socket.bind(null);
    assertThat(socket.isBound()).isTrue();
    assertThat(socket.getLocalPort()).isPositive();
    assertThat(socket.getLocalAddress().isAnyLocalAddress()).isTrue();
    connect();
    assertThat(socket.getLocalAddress()).isEqualTo(InetAddress.getLoopbackAddress());
  }

  @Test
  void aBindThatFailsLeavesItUnbound() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> socket.bind(taken.getLocalSocketAddress()))
          .isInstanceOf(BindException.class);
    }
    assertThatThrownBy(() -> socket.bind(InetSocketAddress.createUnresolved("nowhere.invalid", 1)))
        .isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> socket.bind(new ConnectedTest.Strange()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(socket.isBound()).isFalse();
    connect();
    assertThat(socket.isConnected()).isTrue();
  }

  // ---- close ----

  @Test
  void onceClosedItStaysClosed() throws IOException {
    socket.close();
    socket.close();
    assertThat(socket.isClosed()).isTrue();
    assertThat(socket.isConnected()).isFalse();
    assertThat(socket.isBound()).isFalse();
    assertThat(socket.getLocalPort()).isEqualTo(-1);
    assertThat(socket.getLocalSocketAddress()).isNull();
    assertThat(socket.getLocalAddress().isAnyLocalAddress()).isTrue();
    assertThatThrownBy(() -> socket.connect(server.address()))
        .isInstanceOf(SocketException.class)
        .hasMessage("Socket is closed");
    assertThatThrownBy(() -> socket.bind(null)).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::getTcpNoDelay).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::getSoTimeout).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::shutdownOutput).isInstanceOf(SocketException.class);
  }

  @Test
  void onceBoundAndClosedItRemembersThePort() throws IOException {
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    int port = socket.getLocalPort();
    socket.close();
    assertThat(socket.isBound()).isTrue();
    assertThat(socket.getLocalPort()).isEqualTo(port);
    assertThat(socket.getLocalAddress().isAnyLocalAddress()).isTrue();
    Throwable unused = catchThrowable(() -> socket.connect(server.address()));
    assertThat(socket.isConnected()).isFalse();
  }
}
