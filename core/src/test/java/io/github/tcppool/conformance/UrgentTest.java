package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Urgent data, in line and not. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#bareConnections")
class UrgentTest extends Conformance.Connected {

  @Test
  void urgentDataIsSentInItsPlace() throws IOException {
    peer.setOOBInline(true);
    out.write('a');
    socket.sendUrgentData('b');
    out.write('c');
    assertThat(peer.getInputStream().readNBytes(3)).containsExactly('a', 'b', 'c');
  }

  @Test
  void urgentDataHasEightBits() throws IOException {
    peer.setOOBInline(true);
    socket.sendUrgentData(0x1fe);
    assertThat(peer.getInputStream().read()).isEqualTo(0xfe);
  }

  @Test
  void urgentDataOfThePeerIsDroppedUnlessItIsAskedFor() throws IOException {
    assertThat(socket.getOOBInline()).isFalse();
    peer.getOutputStream().write('a');
    peer.sendUrgentData('b');
    peer.getOutputStream().write('c');
    peer.shutdownOutput();
    assertThat(in.readAllBytes()).containsExactly('a', 'c');
  }

  @Test
  void urgentDataOfThePeerIsReadInLine() throws IOException {
    socket.setOOBInline(true);
    assertThat(socket.getOOBInline()).isTrue();
    peer.getOutputStream().write('a');
    peer.sendUrgentData('b');
    peer.getOutputStream().write('c');
    assertThat(in.readNBytes(3)).containsExactly('a', 'b', 'c');
    socket.setOOBInline(false);
    assertThat(socket.getOOBInline()).isFalse();
  }

  @Test
  void urgentDataIsRefusedAfterTheEnd() throws IOException {
    socket.shutdownOutput();
    assertThatThrownBy(() -> socket.sendUrgentData(1)).isInstanceOf(IOException.class);
    socket.close();
    assertThatThrownBy(() -> socket.sendUrgentData(1)).isInstanceOf(IOException.class);
  }
}
