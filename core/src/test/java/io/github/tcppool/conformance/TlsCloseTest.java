package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The ends of a TLS session and of the socket below it. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#layered")
class TlsCloseTest extends Conformance.Connected {

  @Test
  void closingTheLayerClosesTheSocketBelow() throws IOException {
    assertWorks();
    socket.close();
    assertThat(socket.isClosed()).isTrue();
    assertThat(below.isClosed()).isTrue();
    assertThat(in.read()).as("the session has said good-bye").isEqualTo(-1);
    assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class);
  }

  @Test
  void closingTheLayerWakesABlockedReader() throws Exception {
    Loopback.Inside<Integer> reader = blockedRead();
    socket.close();
    assertEnds(reader);
  }

  /** As the end or as a failure, whichever of the two closes the reader sees first. */
  private void assertEnds(Loopback.Inside<Integer> reader) throws Exception {
    try {
      assertThat(reader.result()).isEqualTo(-1);
    } catch (IOException e) {
      assertThat(socket.isClosed()).isTrue();
    }
  }

  @Test
  void closingTheSocketBelowWakesABlockedReader() throws Exception {
    Loopback.Inside<Integer> reader = blockedRead();
    below.close();
    assertThatThrownBy(reader::result).isInstanceOf(IOException.class);
  }

  @Test
  void theGoodByeReachesThePeerAsTheEnd() throws IOException {
    assertWorks();
    socket.close();
    assertThat(peer.getInputStream().read()).isEqualTo(-1);
  }
}
