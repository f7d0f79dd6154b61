package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.internal.net.Loopback;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Ending a direction in which threads are waiting. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#bareConnections")
class EndWhileBlockedTest extends Conformance.Connected {

  @Test
  void endingTheInputWakesAllReaders() throws Exception {
    List<Loopback.Inside<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(blockedRead());
    }
    socket.shutdownInput();
    for (Loopback.Inside<Integer> reader : readers) {
      assertThat(reader.result()).isEqualTo(-1);
    }
    out.write(2);
    assertThat(peer.getInputStream().read()).isEqualTo(2);
  }

  @Test
  void endingTheOutputWakesABlockedWriter() throws Exception {
    Loopback.Inside<Void> writer = blockedWrite();
    socket.shutdownOutput();
    assertThatThrownBy(writer::result).isInstanceOf(SocketException.class);
    assertThat(socket.isClosed()).isFalse();
    peer.getOutputStream().write(3);
    assertThat(in.read()).isEqualTo(3);
  }

  @Test
  void thePeersEndWakesABlockedReader() throws Exception {
    Loopback.Inside<Integer> reader = blockedRead();
    peer.shutdownOutput();
    assertThat(reader.result()).isEqualTo(-1);
    out.write(2);
    assertThat(peer.getInputStream().read()).isEqualTo(2);
  }

  @Test
  void endingTheOutputLeavesABlockedReaderAlone() throws Exception {
    Loopback.Inside<Integer> reader = blockedRead();
    socket.shutdownOutput();
    assertThat(peer.getInputStream().read()).isEqualTo(-1);
    assertThat(reader.isOver()).isFalse();
    peer.getOutputStream().write(4);
    assertThat(reader.result()).isEqualTo(4);
  }
}
