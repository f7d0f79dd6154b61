package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer that resets the connection, and one that is gone. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#bareConnections")
class ResetTest extends Conformance.Connected {

  private void peerResets() throws IOException {
    peer.setSoLinger(true, 0);
    peer.close();
  }

  private void assertReadsSeeTheReset() {
    for (int size : new int[] {1, 100_000, 10}) {
      assertThatThrownBy(() -> in.read(new byte[size]))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void everyReadSeesIt() throws IOException {
    peerResets();
    assertReadsSeeTheReset();
    assertThatThrownBy(in::readAllBytes).isInstanceOf(SocketException.class);
  }

  @Test
  void everyReadSeesItWhenTheFirstOneWasLarge() throws IOException {
    peerResets();
    assertThatThrownBy(() -> in.read(new byte[100_000])).isInstanceOf(SocketException.class);
    assertReadsSeeTheReset();
  }

  @Test
  void askingWhatIsAvailableDoesNotHideIt() throws IOException {
    peerResets();
    for (int i = 0; i < 3; i++) {
      Throwable unused = catchThrowable(in::available);
    }
    assertReadsSeeTheReset();
  }

  @Test
  void whatArrivedBeforeItIsReadFirst() throws IOException {
    peer.getOutputStream().write(new byte[] {1, 2, 3, 4});
    assertThat(in.read()).isEqualTo(1);
    peerResets();
    assertThat(in.readNBytes(3)).containsExactly(2, 3, 4);
    assertReadsSeeTheReset();
  }

  @Test
  void aBlockedReaderSeesIt() throws Exception {
    Loopback.Inside<Integer> reader = blockedRead();
    peerResets();
    assertThatThrownBy(reader::result)
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
    assertReadsSeeTheReset();
  }

  @Test
  void aBlockedWriterSeesIt() throws Exception {
    Loopback.Inside<Void> writer = blockedWrite();
    peerResets();
    assertThatThrownBy(writer::result).isInstanceOf(SocketException.class);
  }

  @Test
  void writesSeeIt() throws IOException {
    peerResets();
    assertThatThrownBy(this::writeOn).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
  }

  @Test
  void writesToAPeerThatHasClosedFailInTheEnd() throws IOException {
    peer.close();
    assertThatThrownBy(this::writeOn).isInstanceOf(SocketException.class);
  }

  /** What the kernel takes before it knows is not refused. */
  private void writeOn() throws IOException {
    for (int i = 0; i < 100_000; i++) {
      out.write(new byte[1_000]);
    }
  }

  @Test
  void theSocketIsStillOpenAndCanBeClosed() throws IOException {
    peerResets();
    assertReadsSeeTheReset();
    assertThat(socket.isClosed()).isFalse();
    assertThat(socket.isConnected()).isTrue();
    socket.close();
    assertThat(socket.isClosed()).isTrue();
  }
}
