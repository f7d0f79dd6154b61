package io.github.tcppool.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What users of {@code java.net.Socket} rely on; the JDK's own sockets are held to it as well. */
public abstract class SocketContract extends ConnectContract {

  // ---- streams ----

  @Test
  final void availableCountsWhatHasArrived() throws IOException {
    connect();
    InputStream in = socket.getInputStream();
    assertThat(in.available()).isZero();
    peer.getOutputStream().write(new byte[] {1, 2, -3});
    await().until(() -> in.available() == 3);

    assertThat(in.read(new byte[0])).isZero();
    assertThat(in.read()).isEqualTo(1);
    assertThat(in.available()).isEqualTo(2);
    assertThat(in.readNBytes(2)).containsExactly(2, -3);
    assertThat(in.available()).isZero();
  }

  @Test
  final void muchGoesBothWaysAtOnceUnchanged() throws Exception {
    connect();
    byte[] sent = new byte[3 << 20];
    new Random(5).nextBytes(sent);
    Loopback.Inside<Void> echo =
        Loopback.inside(
            () -> {
              peer.getInputStream().transferTo(peer.getOutputStream());
              peer.shutdownOutput();
              return null;
            });
    Loopback.Inside<byte[]> reader = Loopback.inside(() -> socket.getInputStream().readAllBytes());
    OutputStream out = socket.getOutputStream();
    for (int from = 0, size = 1; from < sent.length; from += size, size = size * 3 % 100_003) {
      out.write(sent, from, Math.min(size, sent.length - from));
    }
    socket.shutdownOutput();

    assertThat(reader.result()).isEqualTo(sent);
    echo.result();
  }

  @Test
  final void endedOutputReachesThePeerAndInputGoesOn() throws IOException {
    connect();
    OutputStream out = socket.getOutputStream();
    out.write(7);
    socket.shutdownOutput();

    assertThat(peer.getInputStream().readAllBytes()).containsExactly(7);
    assertThat(socket.isOutputShutdown()).isTrue();
    assertThat(socket.isInputShutdown()).isFalse();
    assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::getOutputStream).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::shutdownOutput).isInstanceOf(SocketException.class);
    peer.getOutputStream().write(8);
    assertThat(socket.getInputStream().read()).isEqualTo(8);
  }

  @Test
  final void endedInputReadsAsTheEndAndOutputGoesOn() throws IOException {
    connect();
    InputStream in = socket.getInputStream();
    socket.shutdownInput();

    assertThat(in.read()).isEqualTo(-1);
    assertThat(in.read(new byte[100_000])).isEqualTo(-1);
    assertThat(in.available()).isZero();
    assertThat(socket.isInputShutdown()).isTrue();
    assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::shutdownInput).isInstanceOf(SocketException.class);
    socket.getOutputStream().write(9);
    assertThat(peer.getInputStream().read()).isEqualTo(9);
  }

  @Test
  final void endingInputWakesABlockedReader() throws Exception {
    connect();
    Loopback.Inside<Integer> reader = Loopback.blockedRead(socket);
    socket.shutdownInput();

    assertThat(reader.result()).isEqualTo(-1);
  }

  @Test
  final void aReadTimesOutAndTheNextOneGoesOn() throws IOException {
    connect();
    socket.setSoTimeout(30);
    InputStream in = socket.getInputStream();
    assertThatThrownBy(in::read)
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessage("Read timed out");
    peer.getOutputStream().write(4);
    socket.setSoTimeout(5_000);

    assertThat(in.read()).isEqualTo(4);
  }

  @Test
  final void aResetOfThePeerIsASocketException() throws IOException {
    connect();
    peer.setSoLinger(true, 0);
    peer.close();

    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  // ---- close ----

  @Test
  final void closingWakesABlockedReader() throws Exception {
    connect();
    Loopback.Inside<Integer> reader = Loopback.blockedRead(socket);
    closesSoon();

    assertThatThrownBy(reader::result).isInstanceOf(SocketException.class);
  }

  @Test
  final void closingWakesABlockedReaderAlsoAfterTheOutputHasEnded() throws Exception {
    connect();
    socket.shutdownOutput();
    Loopback.Inside<Integer> reader = Loopback.blockedRead(socket);
    closesSoon();

    assertThatThrownBy(reader::result).isInstanceOf(SocketException.class);
  }

  @Test
  final void closingWakesABlockedWriter() throws Exception {
    connect();
    Loopback.Inside<Void> writer = Loopback.blockedWrite(socket);
    closesSoon();

    assertThatThrownBy(writer::result).isInstanceOf(SocketException.class);
  }

  private void closesSoon() throws Exception {
    Loopback.inside(
            () -> {
              socket.close();
              return true;
            })
        .result();
  }

  @Test
  final void aClosedSocketRefusesEverythingAndRemembersWhereItWas() throws IOException {
    connect();
    InputStream in = socket.getInputStream();
    OutputStream out = socket.getOutputStream();
    socket.close();
    socket.close();

    assertThat(socket.isClosed()).isTrue();
    assertThat(socket.isConnected()).isTrue();
    assertThat(socket.isBound()).isTrue();
    assertThat(socket.getPort()).isEqualTo(server.address().getPort());
    assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
    assertThatThrownBy(in::available).isInstanceOf(IOException.class);
    assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::getTcpNoDelay).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> socket.setSoTimeout(1)).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::getSoTimeout).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true))
        .isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::shutdownInput).isInstanceOf(SocketException.class);
  }

  @Test
  final void closingAStreamClosesTheSocket() throws IOException {
    connect();
    socket.getOutputStream().close();

    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  final void aSocketClosedBeforeConnectStaysClosed() throws IOException {
    socket.close();

    assertThat(socket.isConnected()).isFalse();
    assertThatThrownBy(() -> socket.connect(server.address()))
        .isInstanceOf(SocketException.class)
        .hasMessage("Socket is closed");
  }
}
