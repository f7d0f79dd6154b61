package io.github.tcppool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A client that talks through a proxy to an echo, and has exchanged one byte with it. */
abstract class ProxyFixture {
  TcpPeer peer;
  FaultProxy proxy;
  Client client;

  @BeforeEach
  void start() throws Exception {
    peer = TcpPeer.start(Behaviour.echo());
    proxy = FaultProxy.to(peer.address());
    client = Client.connect(proxy.address());
    assertThat(client.exchange("x")).isEqualTo("x");
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    proxy.close();
    peer.close();
    assertThat(peer.failures()).isEmpty();
  }

  static void awaitRead(Direction direction, long bytes) {
    Awaitility.await().until(() -> direction.bytesRead() >= bytes);
  }
}
