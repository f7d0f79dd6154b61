package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.internal.net.Loopback;
import io.github.tcppool.testkit.Blackhole;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Connecting, in time and not, and what is left of a socket whose connect failed. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#unconnected")
class ConnectTest extends Conformance {

  private static Blackhole blackhole;

  private Socket socket;
  private Site nowhere;

  @BeforeAll
  static void dig() {
    blackhole = Blackhole.open();
  }

  @AfterAll
  static void fill() {
    blackhole.close();
  }

  @BeforeEach
  void open() throws IOException {
    socket = site.unconnected();
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    if (nowhere != null) {
      nowhere.close();
    }
  }

  /** To an address that never answers. */
  private Socket toNowhere() throws IOException {
    nowhere = new Site(kind.origin(), blackhole.address());
    return nowhere.unconnected();
  }

  @Test
  void itIsConnectedWithinTheTimeout() throws IOException {
    socket.connect(server.address(), 10_000);
    try (Socket peer = server.accept()) {
      assertThat(socket.isConnected()).isTrue();
      socket.getOutputStream().write(1);
      assertThat(peer.getInputStream().read()).isEqualTo(1);
    }
  }

  @Test
  void aConnectEndsAtItsTimeout() throws IOException {
    try (Socket lost = toNowhere()) {
      long begun = System.nanoTime();
      assertThatThrownBy(() -> lost.connect(blackhole.address(), 40))
          .isInstanceOf(SocketTimeoutException.class);
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      assertThat(took).as("with 5 s for a busy machine").isBetween(39L, 5_000L);
      assertOfNoUse(lost);
    }
  }

  @Test
  void closingWakesABlockedConnect() throws Exception {
    Socket lost = toNowhere();
    Loopback.Inside<Void> connecting = connectingTo(blackhole.address(), 0, lost);
    assertThat(connecting.isOver()).isFalse();
    lost.close();
    assertThatThrownBy(connecting::result)
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("closed");
    assertThat(lost.isConnected()).isFalse();
  }

  @Test
  void closingWakesABlockedConnectWithATimeout() throws Exception {
    Socket lost = toNowhere();
    Loopback.Inside<Void> connecting = connectingTo(blackhole.address(), 60_000, lost);
    assertThat(connecting.isOver()).isFalse();
    lost.close();
    assertThatThrownBy(connecting::result).isInstanceOf(SocketException.class);
  }

  private Loopback.Inside<Void> connectingTo(InetSocketAddress address, int millis, Socket lost) {
    return inside(
        () -> {
          lost.connect(address, millis);
          return null;
        });
  }

  @Test
  void aRefusedConnectIsSaidToBeOne() throws IOException {
    InetSocketAddress nobody = server.address();
    server.close();
    assertThatThrownBy(() -> socket.connect(nobody, 2_000)).isInstanceOf(ConnectException.class);
    assertOfNoUse(socket);
    assertThatThrownBy(() -> socket.connect(nobody)).isInstanceOf(SocketException.class);
  }

  @Test
  void aNameThatWasNotResolvedIsSaidToBeUnknown() {
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 9);
    assertThatThrownBy(() -> socket.connect(unresolved, 100))
        .isInstanceOf(UnknownHostException.class);
    assertThat(socket.isConnected()).isFalse();
  }

  /** Closing it is all that can still be done. */
  private void assertOfNoUse(Socket failed) throws IOException {
    assertThat(failed.isConnected()).isFalse();
    assertThatThrownBy(failed::getInputStream).isInstanceOf(SocketException.class);
    assertThatThrownBy(failed::getOutputStream).isInstanceOf(SocketException.class);
    assertThatThrownBy(failed::shutdownOutput).isInstanceOf(SocketException.class);
    if (!kind.isReference()) { // whether the JDK's is depends on its version
      assertThat(failed.isClosed()).isTrue();
    }
    failed.close();
    failed.close();
    assertThat(failed.isClosed()).isTrue();
    assertThat(failed.getRemoteSocketAddress()).isNull();
    assertThat(failed.getPort()).isZero();
  }

  @Test
  void wrongArgumentsAreRefusedAndItCanStillConnect() throws IOException {
    assertThatThrownBy(() -> socket.connect(server.address(), -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.connect(null)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.connect(null, 5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.connect(new ConnectedTest.Strange()))
        .isInstanceOf(IllegalArgumentException.class);
    socket.connect(server.address());
    assertThat(socket.isConnected()).isTrue();
  }
}
