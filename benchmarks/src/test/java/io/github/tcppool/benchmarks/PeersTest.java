package io.github.tcppool.benchmarks;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tcppool.benchmarks.peers.Peer;
import io.github.tcppool.benchmarks.peers.Peers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class PeersTest {

  static List<String> names() {
    List<String> names = new ArrayList<>(Peers.WHOLE_POOLS);
    names.add(Peers.HIKARI_BAG);
    return names;
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyPeerLendsAsOftenAsItIsAsked(String name) throws Exception {
    assumeTrue(Peers.missing(name).isEmpty(), Peers.missing(name));
    try (Peer peer = Peers.open(name, 3)) {
      for (int i = 0; i < 50; i++) {
        assertThatCode(peer::cycle).doesNotThrowAnyException();
      }
    }
  }
}
