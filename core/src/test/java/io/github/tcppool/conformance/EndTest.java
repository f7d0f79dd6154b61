package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.internal.net.Loopback;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The end of the stream: the peer's and our own. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#connections")
class EndTest extends Conformance.Connected {

  @Test
  void theEndIsToldAgainAndAgain() throws IOException {
    peer.getOutputStream().write(5);
    peer.shutdownOutput();
    assertThat(in.read()).isEqualTo(5);
    for (int i = 0; i < 3; i++) {
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.read(new byte[10])).isEqualTo(-1);
      assertThat(in.read(new byte[100_000])).isEqualTo(-1);
      assertThat(in.available()).isZero();
      assertThat(in.skip(5)).isZero();
    }
    assertThatThrownBy(() -> in.skipNBytes(1)).isInstanceOf(EOFException.class);
    assertThat(socket.isClosed()).isFalse();
    assertThat(socket.isInputShutdown()).as("by us").isFalse();
  }

  @Test
  void allIsReadUpToTheEnd() throws Exception {
    byte[] sent = random(300_000);
    Loopback.Inside<Void> peerSays =
        beside(
            () -> {
              peer.getOutputStream().write(sent);
              peer.shutdownOutput();
              return null;
            });
    byte[] head = in.readNBytes(1_000);
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    got.write(head);
    got.write(in.readNBytes(150_000));
    assertThat(in.transferTo(got)).isEqualTo(sent.length - 151_000);
    assertThat(got.toByteArray()).isEqualTo(sent);
    assertThat(in.readAllBytes()).isEmpty();
    assertThat(in.readNBytes(5)).isEmpty();
    peerSays.result();
  }

  @Test
  void weMayWriteAfterThePeerHasEnded() throws IOException {
    peer.shutdownOutput();
    assertThat(in.read()).isEqualTo(-1);
    out.write(6);
    assertThat(peer.getInputStream().read()).isEqualTo(6);
  }

  @Test
  void thePeerMayWriteAfterWeHaveEnded() throws IOException {
    out.write(7);
    socket.shutdownOutput();
    assertThat(peer.getInputStream().readAllBytes()).containsExactly(7);
    peer.getOutputStream().write(8);
    assertThat(in.read()).isEqualTo(8);
    assertThat(socket.isOutputShutdown()).isTrue();
    assertThat(socket.isInputShutdown()).isFalse();
    assertThat(socket.isClosed()).isFalse();
  }

  @Test
  void whenWeHaveEndedNothingCanBeWritten() throws IOException {
    socket.shutdownOutput();
    assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class);
    assertThatThrownBy(socket::getOutputStream).isInstanceOf(IOException.class);
  }

  @Test
  void bothSidesMayEndOneAfterTheOther() throws IOException {
    socket.shutdownOutput();
    assertThat(peer.getInputStream().read()).isEqualTo(-1);
    peer.shutdownOutput();
    assertThat(in.read()).isEqualTo(-1);
    assertThat(socket.isClosed()).isFalse();
    socket.close();
    assertThat(socket.isClosed()).isTrue();
  }
}
