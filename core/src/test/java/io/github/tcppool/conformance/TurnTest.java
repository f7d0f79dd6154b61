package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.internal.net.Loopback;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A difference: timeouts and interrupts count while another thread is inside as well. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#ours")
class TurnTest extends Conformance.Connected {

  @Test
  void aReaderBehindAnotherOneIsInterrupted() throws Exception {
    Loopback.Inside<Integer> first = blockedRead();
    Loopback.Inside<Integer> second = blockedRead();
    second.thread().interrupt();
    assertThatThrownBy(second::result).isInstanceOf(InterruptedIOException.class);
    assertThat(first.isOver()).isFalse();
    peer.getOutputStream().write(3);
    assertThat(first.result()).isEqualTo(3);
  }

  @Test
  void aReaderBehindAnotherOneKeepsItsTimeout() throws Exception {
    Loopback.Inside<Integer> first = blockedRead();
    socket.setSoTimeout(10);
    assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
    assertThat(first.isOver()).isFalse();
    peer.getOutputStream().write(3);
    assertThat(first.result()).isEqualTo(3);
  }

  @Test
  void aWriterBehindAnotherOneIsInterrupted() throws Exception {
    Loopback.Inside<Void> first = blockedWrite();
    Loopback.Inside<Void> second = blockedWrite();
    second.thread().interrupt();
    assertThatThrownBy(second::result).isInstanceOf(InterruptedIOException.class);
    assertThat(first.isOver()).isFalse();
  }
}
