package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Addresses and flags of a connected socket. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#all")
class ConnectedTest extends Conformance.Connected {

  @Test
  void itSaysThatItIsConnected() {
    assertThat(socket.isConnected()).isTrue();
    assertThat(socket.isBound()).isTrue();
    assertThat(socket.isClosed()).isFalse();
    assertThat(socket.isInputShutdown()).isFalse();
    assertThat(socket.isOutputShutdown()).isFalse();
    assertThat(socket.getChannel()).isNull();
  }

  @Test
  void itTellsWhereThePeerIs() {
    assertThat(socket.getPort()).isEqualTo(server.address().getPort());
    assertThat(socket.getInetAddress()).isEqualTo(server.address().getAddress());
    assertThat(socket.getRemoteSocketAddress())
        .isEqualTo(new InetSocketAddress(server.address().getAddress(), socket.getPort()));
    assertThat(socket.toString()).contains(String.valueOf(server.address().getPort()));
  }

  @Test
  void itTellsWhereItIs() {
    if (kind.isOneConnection()) {
      assertThat(socket.getLocalPort()).isEqualTo(peer.getPort());
      assertThat(socket.getLocalAddress()).isEqualTo(InetAddress.getLoopbackAddress());
      assertThat(socket.getLocalSocketAddress())
          .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), peer.getPort()));
    } else { // everywhere at once
      assertThat(socket.getLocalAddress().isAnyLocalAddress()).isTrue();
      assertThat(socket.getLocalSocketAddress()).isNotNull();
    }
  }

  @Test
  void itCannotBeBoundOrConnectedAgain() throws IOException {
    assertThatThrownBy(() -> socket.bind(null)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> socket.connect(server.address())).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> socket.connect(server.address(), 100))
        .isInstanceOf(SocketException.class);
    assertWorks();
  }

  @Test
  void wrongAddressesAreRefusedAsSuch() throws IOException {
    if (!kind.tls()) { // whose connect refuses them otherwise
      assertThatThrownBy(() -> socket.connect(null)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> socket.connect(server.address(), -1))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertWorks();
  }

  @Test
  void streamsMayBeTakenAnyNumberOfTimes() throws IOException {
    socket.getOutputStream().write(3);
    socket.getOutputStream().write(4);
    assertThat(peer.getInputStream().readNBytes(2)).containsExactly(3, 4);
    peer.getOutputStream().write(new byte[] {5, 6});
    assertThat(socket.getInputStream().read()).isEqualTo(5);
    assertThat(socket.getInputStream().read()).isEqualTo(6);
  }

  /** An address of a kind that TCP does not know. */
  static final class Strange extends SocketAddress {
    private static final long serialVersionUID = 1L;
  }
}
