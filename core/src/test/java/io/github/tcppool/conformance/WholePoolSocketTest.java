package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Differences of {@code asSocket()}, which stands for all connections and not for one. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#whole")
class WholePoolSocketTest extends Conformance.Connected {

  private Socket second;

  @AfterEach
  void closeSecond() throws IOException {
    if (second != null) {
      second.close();
    }
  }

  @Test
  void theEndOfAConnectionIsNotTheEndOfTheSocket() throws Exception {
    assertWorks();
    Loopback.Inside<Integer> reader = blockedRead();
    peer.close();
    second = server.accept();
    second.getOutputStream().write(6);
    assertThat(reader.result()).isEqualTo(6);
    out.write(7);
    assertThat(second.getInputStream().read()).isEqualTo(7);
  }

  @Test
  void aResetOfAConnectionIsNotSeenEither() throws Exception {
    assertWorks(); // so that it is not the dial that sees the reset
    peer.setSoLinger(true, 0);
    peer.close();
    out.write(7);
    second = server.accept();
    assertThat(second.getInputStream().read()).isEqualTo(7);
    second.getOutputStream().write(8);
    assertThat(in.read()).isEqualTo(8);
  }

  @Test
  void closingAndEndingItLeavesTheConnectionsToThePool() throws Exception {
    socket.shutdownOutput();
    socket.close();
    try (DeadlineSocket other = site.pool().asSocket()) {
      other.getOutputStream().write(9);
      assertThat(peer.getInputStream().read()).isEqualTo(9);
    }
  }

  @Test
  void onlyWhatAReadLeftIsAvailable() throws IOException {
    peer.getOutputStream().write(new byte[] {1, 2});
    assertThat(in.available()).isZero();
    assertThat(in.read()).isEqualTo(1);
    assertThat(in.available()).isEqualTo(1);
  }

  @Test
  void optionsAreThePoolsForConnectionsFromThenOn() throws IOException {
    socket.setKeepAlive(true);
    assertThat(site.pool().options().socketOptions())
        .containsEntry(StandardSocketOptions.SO_KEEPALIVE, true);
    try (DeadlineSocket other = site.pool().asSocket()) {
      assertThat(other.getKeepAlive()).isTrue();
    }
  }

  @Test
  void urgentDataIsRefusedAsItBelongsToNoMessage() throws IOException {
    assertThatThrownBy(() -> socket.sendUrgentData(1))
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("stands for a whole pool");
    assertThatThrownBy(() -> socket.setOOBInline(true))
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("stands for a whole pool");
    assertThat(socket.getOOBInline()).isFalse();
    assertWorks();
  }

  @Test
  void itIsNowhereInParticular() {
    assertThat(socket.getLocalPort()).isZero();
    assertThat(socket.getLocalAddress().isAnyLocalAddress()).isTrue();
  }

  /** It could only be torn. A deadline that has passed does tear it. */
  @Test
  void aMessageUnderWayKeepsItsDeadlineUntilOneHasPassed() throws Exception {
    DeadlineSocket timed = (DeadlineSocket) socket;
    Loopback.Inside<Void> writer = blockedWrite();
    timed.setWriteDeadline(Duration.ofMinutes(1));
    assertThat(writer.isOver()).isFalse();
    timed.setWriteDeadline(Duration.ZERO);
    assertThatThrownBy(writer::result)
        .isInstanceOfSatisfying(
            SocketTimeoutException.class,
            late -> assertThat(late.bytesTransferred).isBetween(0, 1 << 20));
  }
}
