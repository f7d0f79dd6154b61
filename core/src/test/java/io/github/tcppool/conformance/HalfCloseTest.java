package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Ending one direction. (TLS has no ending of the input before the peer's end.) */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#bare")
class HalfCloseTest extends Conformance.Connected {

  @Test
  void endedInputReadsAsTheEndAndOutputGoesOn() throws IOException {
    socket.shutdownInput();
    assertThat(in.read()).isEqualTo(-1);
    assertThat(in.read(new byte[100_000])).isEqualTo(-1);
    assertThat(in.available()).isZero();
    assertThat(socket.isInputShutdown()).isTrue();
    assertThat(socket.isOutputShutdown()).isFalse();
    assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::shutdownInput).isInstanceOf(SocketException.class);
    out.write(9);
    assertThat(peer.getInputStream().read()).isEqualTo(9);
  }

  @Test
  void whatHadArrivedBeforeTheInputWasEndedIsGone() throws IOException {
    peer.getOutputStream().write(new byte[] {1, 2, 3});
    assertThat(in.read()).isEqualTo(1);
    socket.shutdownInput();
    assertThat(in.available()).isZero();
    assertThat(in.read()).isEqualTo(-1);
    assertThat(in.readAllBytes()).isEmpty();
  }

  @Test
  void endingTheInputWakesABlockedReader() throws Exception {
    Loopback.Inside<Integer> reader = blockedRead();
    socket.shutdownInput();
    assertThat(reader.result()).isEqualTo(-1);
  }

  @Test
  void endedOutputRefusesWritesAndInputGoesOn() throws IOException {
    socket.shutdownOutput();
    assertThat(socket.isOutputShutdown()).isTrue();
    assertThat(socket.isInputShutdown()).isFalse();
    assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::getOutputStream).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::shutdownOutput).isInstanceOf(SocketException.class);
    peer.getOutputStream().write(8);
    assertThat(in.read()).isEqualTo(8);
  }

  @Test
  void bothDirectionsMayBeEndedAndTheSocketIsStillOpen() throws IOException {
    socket.shutdownInput();
    socket.shutdownOutput();
    assertThat(socket.isInputShutdown()).isTrue();
    assertThat(socket.isOutputShutdown()).isTrue();
    assertThat(socket.isClosed()).isFalse();
    assertThat(socket.isConnected()).isTrue();
    assertThat(socket.getTcpNoDelay()).isIn(true, false);
    socket.close();
    assertThat(socket.isClosed()).isTrue();
    assertThat(socket.isInputShutdown()).as("as it was").isTrue();
    assertThat(socket.isOutputShutdown()).as("as it was").isTrue();
  }
}
