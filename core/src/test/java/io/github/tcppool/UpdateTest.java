package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.awaitUntil;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static io.github.tcppool.Bench.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Ports;
import io.github.tcppool.testkit.TcpPeer;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Options changed in use, evictions, ages, and several endpoints. */
class UpdateTest {

  @RegisterExtension final Bench bench = new Bench();
  private final Events events = new Events();

  @Test
  void aRaisedMaximumServesThoseWhoWait() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1).listener(events));
    bench.maximumMayRiseTo(2);
    try (PooledSocket lease = pool.lease()) {
      Task<byte[]> waiter = bench.start(() -> pool.exchange(utf8("me")));
      awaitUntil(pool, "a waiter", now -> now.waiting() == 1);
      PoolOptions before = pool.options();
      pool.update(options -> options.connections(0, 2));
      assertThat(waiter.result()).isEqualTo(utf8("me"));
      assertThat(lease.isClosed()).isFalse();
      assertThat(events.awaitFirst(PoolEvent.OptionsUpdated.class))
          .isEqualTo(new PoolEvent.OptionsUpdated(before, pool.options()));
      assertThat(events.of(PoolEvent.OptionsUpdated.class)).hasSize(1);
    }
  }

  @Test
  void aLoweredMaximumEndsIdleConnectionsNowAndLeasedOnesAtTheirReturn() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 4).listener(events));
    List<PooledSocket> leases = List.of(pool.lease(), pool.lease(), pool.lease(), pool.lease());
    leases.get(3).close();
    pool.update(options -> options.connections(0, 1));
    events.awaitClosed(CloseReason.SHRUNK, 1);
    assertThat(pool.snapshot().leased()).isEqualTo(3);
    for (PooledSocket lease : leases) {
      lease.close();
    }
    events.awaitClosed(CloseReason.SHRUNK, 3);
    awaitIdle(pool, 1);
  }

  @Test
  void aLoweredTotalMaximumHoldsForTheConnectionsThereAre() throws Exception {
    TcpPeer one = bench.peer(Behaviour.echo());
    TcpPeer two = bench.peer(Behaviour.echo());
    TcpPool pool =
        bench.pool(linesTo(one.hostPort(), two.hostPort()).connections(3).listener(events));
    awaitIdle(pool, 6);
    pool.update(options -> options.connections(0, 3).maxTotalConnections(2));
    events.awaitClosed(CloseReason.SHRUNK, 4);
    awaitUntil(pool, "2 in all", now -> now.total() == 2);
  }

  @Test
  void anEvictionEndsIdleConnectionsNowAndLeasedOnesAtTheirReturn() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(3).listener(events));
    awaitIdle(pool, 3);
    PooledSocket lease = pool.lease();
    lease.getOutputStream().write(utf8("still mine\n"));
    pool.evict();
    events.awaitClosed(CloseReason.EVICTED, 2);
    assertThat(lease.getInputStream().readNBytes(11)).isEqualTo(utf8("still mine\n"));
    lease.close();
    events.awaitClosed(CloseReason.EVICTED, 3);
    awaitIdle(pool, 3);
    assertThat(peer.connections()).noneMatch(connection -> connection.sawReset());
  }

  @Test
  void anEvictionMayBeForSomeEndpointsOnly() throws Exception {
    TcpPeer old = bench.peer(Behaviour.echo());
    TcpPeer other = bench.peer(Behaviour.echo());
    TcpPool pool =
        bench.pool(linesTo(old.hostPort(), other.hostPort()).connections(2).listener(events));
    awaitIdle(pool, 4);
    pool.evict(endpoint -> endpoint.port() == old.port());
    events.awaitClosed(CloseReason.EVICTED, 2);
    assertThat(events.of(PoolEvent.ConnectionClosed.class))
        .allSatisfy(closed -> assertThat(closed.endpoint().port()).isEqualTo(old.port()));
  }

  @Test
  void anUpdateWithinAnUpdateIsRefusedAsTheOuterOneWouldUndoIt() {
    TcpPool pool = bench.pool(linesTo("127.0.0.1:" + Ports.unused()));
    assertThatThrownBy(() -> pool.update(outer -> pool.update(inner -> inner.maxPending(5))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("within an update");
    pool.update(options -> options.maxPending(7));
    assertThat(pool.options().maxPending()).isEqualTo(7);
  }

  @Test
  void anOldConnectionIsReplaced() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(1, 2)
                .maxLifetime(Duration.ofMillis(200))
                .listener(events));
    awaitIdle(pool, 1);
    for (int i = 0; !events.closeReasons().contains(CloseReason.LIFETIME); i++) {
      assertThat(pool.exchange(utf8("x"))).isEqualTo(utf8("x"));
      assertThat(i).isLessThan(1_000_000);
    }
    assertThat(events.of(PoolEvent.ConnectionClosed.class).get(0).age())
        .isBetween(Duration.ofMillis(180), Duration.ofSeconds(5));
    assertThat(events.closeReasons()).containsOnly(CloseReason.LIFETIME);
  }

  @Test
  void socketOptionsHoldForNewConnections() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    try (PooledSocket socket = pool.lease()) {
      assertThat(socket.getTcpNoDelay()).isTrue();
    }
    pool.update(options -> options.socketOption(StandardSocketOptions.TCP_NODELAY, false));
    pool.evict();
    try (PooledSocket socket = pool.lease()) {
      assertThat(socket.getTcpNoDelay()).isFalse();
    }
  }

  // ---- several endpoints ----

  @Test
  void callsGoToTheOtherEndpointsWhileOneIsDown() throws Exception {
    TcpPeer up = bench.peer(Behaviour.echo());
    TcpPeer down = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(down.hostPort(), up.hostPort()).listener(events));
    down.kill();
    for (int i = 0; i < 200; i++) {
      assertThat(pool.exchange(utf8("x"), within(2_000))).isEqualTo(utf8("x"));
    }
    events.awaitFirst(PoolEvent.EndpointDown.class);
    assertThat(events.of(PoolEvent.EndpointDown.class)).hasSize(1);
    down.restart();
    // The longer it was down, the longer the next dial may be away, up to 30 s.
    awaitUntil(pool, "dialed again", now -> now.endpoints().get(0).opened() > 0);
  }

  @Test
  void aFactorySocketGoesToItsOwnEndpointAndToNoOther() throws Exception {
    TcpPeer one = bench.peer(Behaviour.echo());
    TcpPeer two = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(one.hostPort(), two.hostPort()));
    pool.exchange(utf8("warm"));
    for (TcpPeer peer : List.of(one, two, one, two)) {
      try (Socket socket = pool.asSocketFactory().createSocket()) {
        socket.connect(peer.address());
        assertThat(socket.getPort()).isEqualTo(peer.port());
        socket.getOutputStream().write(utf8("x\n"));
        assertThat(socket.getInputStream().readNBytes(2)).isEqualTo(utf8("x\n"));
      }
    }
    TcpPeer stranger = bench.peer(Behaviour.echo());
    try (Socket plain = pool.asSocketFactory().createSocket()) {
      plain.connect(stranger.address());
      assertThat(plain.getRemoteSocketAddress()).isEqualTo(stranger.address());
    }
    assertThat(pool.snapshot().leased()).isZero();
  }

  @Test
  void whenAllEndpointsAreDownTheFailureSaysSo() {
    TcpPool pool =
        bench.pool(
            linesTo("127.0.0.1:" + Ports.unused(), "127.0.0.1:" + Ports.unused())
                .retry(RetryPolicy.attempts(2)));
    assertThatThrownBy(() -> pool.send(utf8("x")))
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("Connection refused");
  }
}
