package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What the peer sees of a close, where the connection belongs to the socket. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#owned")
class OwnedCloseTest extends Conformance.Connected {

  @Test
  void closingIsTheEndForThePeer() throws IOException {
    out.write(1);
    socket.close();
    assertThat(peer.getInputStream().readAllBytes()).containsExactly(1);
  }

  @Test
  void closingWithALingerOfNothingIsAReset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
    assertThatThrownBy(() -> peer.getInputStream().read())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }
}
