package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static io.github.tcppool.Bench.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers that talk although nobody listens: bounded, and never heard by the wrong caller. */
class InboundLimitsTest {

  @RegisterExtension final Bench bench = new Bench();
  private final Events events = new Events();

  private TcpPool.Builder builder(TcpPeer peer) {
    return linesTo(peer.hostPort())
        .connections(0, 1)
        .drainTimeout(Duration.ofMillis(50))
        .listener(events);
  }

  @Test
  void aPeerThatTalksToNobodyCostsItsConnectionAtTheLimit() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(builder(peer).maxInboundBytes(2_000));
    pool.send(utf8("one"));
    peer.awaitAccepted(1).send("x".repeat(3_000));
    awaitSendOn(pool, peer, 2);
    events.awaitClosed(CloseReason.INBOUND_FULL, 1);
  }

  /** Sends until a message goes to the connection with this number. */
  private static void awaitSendOn(TcpPool pool, TcpPeer peer, int number) {
    await()
        .atMost(Bench.PATIENCE)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              pool.send(utf8("message"));
              return peer.accepted() == number;
            });
  }

  /** What the first connection has sent has arrived: there is nothing but the loopback between. */
  private static void awaitSent(TcpPeer peer, long bytes) {
    await().atMost(Bench.PATIENCE).until(() -> peer.connection(1).bytesSent() == bytes);
  }

  @Test
  void aFloodOfBytesThatAreIgnoredHoldsNoCaller() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.flood(new byte[64 << 10]));
    TcpPool pool = bench.pool(builder(peer).ignoreInbound(true));
    pool.send(utf8("first"));
    for (int i = 0; i < 20; i++) {
      pool.send(utf8("message " + i), within(2_000));
    }
    peer.behave(Behaviour.sink());
  }

  @Test
  void bytesThatAreIgnoredReachNobodyAndCostNothing() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(builder(peer).ignoreInbound(true).maxInboundBytes(1_024));
    for (int i = 0; i < 50; i++) {
      pool.send(utf8("x".repeat(1_000)));
      peer.awaitFrames(i + 1);
    }
    awaitSent(peer, 50 * 1_001);
    peer.behave(Behaviour.replies(request -> utf8("reply\n")));
    assertThat(pool.exchange(utf8("request"))).isEqualTo(utf8("reply"));
    assertThat(peer.accepted()).isEqualTo(1);
  }

  @Test
  void bytesThatNobodyAskedForCostTheConnectionBeforeAnExchange() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(builder(peer));
    assertThat(pool.exchange(utf8("one"))).isEqualTo(utf8("one"));
    peer.connection(1).send("unasked\n");
    assertThat(pool.exchange(utf8("two"))).isEqualTo(utf8("two"));
    events.awaitClosed(CloseReason.UNREAD_BYTES, 1);
  }

  @Test
  void answersToSendsAreNotTakenForTheReplyOfAnExchange() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(builder(peer));
    pool.send(utf8("a"));
    pool.send(utf8("b"));
    awaitSent(peer, 4);
    peer.connection(1).send("c\n");
    assertThat(pool.exchange(utf8("request"))).isEqualTo(utf8("request"));
    assertThat(pool.receive()).isEqualTo(utf8("a"));
    assertThat(pool.receive()).isEqualTo(utf8("b"));
    assertThat(pool.receive()).isEqualTo(utf8("c"));
  }

  @Test
  void aLeaseReturnedWithUnreadBytesIsNotHandedOn() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(builder(peer));
    try (PooledSocket socket = pool.lease()) {
      socket.getOutputStream().write(utf8("abc\n"));
      assertThat(socket.getInputStream().read()).isEqualTo('a');
    }
    assertThat(pool.exchange(utf8("clean"))).isEqualTo(utf8("clean"));
    events.awaitClosed(CloseReason.UNREAD_BYTES, 1);
  }

  @Test
  void theGreetingOfAPeerBelongsToTheFirstLease() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sends("220 ready\n").then(Behaviour.echo()));
    TcpPool pool = bench.pool(builder(peer).connections(1));
    awaitIdle(pool, 1);
    peer.awaitAccepted(1);
    try (PooledSocket socket = pool.lease()) {
      assertThat(socket.getInputStream().readNBytes(10)).isEqualTo(utf8("220 ready\n"));
    }
    assertThat(pool.exchange(utf8("x"))).isEqualTo(utf8("x"));
    assertThat(peer.accepted()).isEqualTo(1);
  }
}
