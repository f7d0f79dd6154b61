package io.github.tcppool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RosterTest {

  @Test
  void aConnectionIsCountedAndKnownBeforeItsBehaviourBegins() throws Exception {
    Ledger ledger = new Ledger(Boundary.lines(), 10, Duration.ofSeconds(5));
    Roster roster = new Roster(ledger, Behaviour.echo());
    List<PeerConnection> begun = new ArrayList<>();
    try (Loop loop = Loop.start("roster-test");
        ServerSocketChannel server =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
      roster.add(
          new Wire(loop, server.accept()),
          (connection, behaviour) -> {
            assertThat(ledger.accepted).hasValue(1);
            assertThat(ledger.open).hasValue(1);
            assertThat(roster.get(1)).isSameAs(connection);
            begun.add(connection);
          });
      assertThat(begun).hasSize(1);
      begun.get(0).close();
      assertThat(client.isOpen()).isTrue();
    }
  }
}
