package io.github.tcppool;

import static io.github.tcppool.Bench.awaitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.discovery.Discovery;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pools whose endpoints come and go, over real sockets. */
class DiscoveryTest {

  private static final byte[] PING = "ping".getBytes(UTF_8);
  private static final Duration OFTEN = Duration.ofMillis(100);

  @TempDir Path folder;

  private final TcpPeer one = TcpPeer.start(Behaviour.echo());
  private final TcpPeer two = TcpPeer.start(Behaviour.echo());
  private final AtomicReference<List<Endpoint>> there = new AtomicReference<>(List.of());
  private final List<PoolEvent> events = new CopyOnWriteArrayList<>();
  private TcpPool pool;

  @AfterEach
  void end() {
    if (pool != null) {
      pool.close(Duration.ZERO);
    }
    one.close();
    two.close();
  }

  private void start(Discovery discovery) {
    pool =
        TcpPool.builder(discovery)
            .framing(Framing.lines())
            .connections(1, 2)
            .listener(events::add)
            .build();
  }

  private void startPolling(TcpPeer... peers) {
    setThere(peers);
    start(Discovery.polling(there::get, OFTEN));
  }

  private void setThere(TcpPeer... peers) {
    there.set(List.of(peers).stream().map(DiscoveryTest::endpoint).toList());
  }

  private static Endpoint endpoint(TcpPeer peer) {
    return Endpoint.parse(peer.hostPort());
  }

  private List<Endpoint> endpoints(PoolSnapshot now) {
    return now.endpoints().stream().map(EndpointSnapshot::endpoint).toList();
  }

  private void awaitEndpoints(TcpPeer... peers) {
    List<Endpoint> expected = List.of(peers).stream().map(DiscoveryTest::endpoint).toList();
    awaitUntil(pool, "endpoints " + expected, now -> endpoints(now).equals(expected));
  }

  @Test
  void aCallWaitsForTheFirstEndpoints() throws IOException {
    startPolling();
    there.set(List.of(endpoint(one)));

    assertThat(pool.exchange(PING)).isEqualTo(PING);
  }

  @Test
  void aPoolThatFindsNothingSaysSo() {
    start(
        sink -> {
          throw new UnknownHostException("nowhere.test");
        });

    assertThatThrownBy(() -> pool.exchange(PING, CallOptions.within(Duration.ofMillis(50))))
        .isInstanceOf(CallTimeoutException.class)
        .hasMessageContaining("none is known");
    awaitUntil(pool, "a failure", now -> now.discovery().failed() > 0);
    assertThat(pool.snapshot().discovery().lastFailure()).contains("nowhere.test");
    assertThat(pool.toString()).contains("[]");
  }

  @Test
  void callsGoOnWhileEndpointsAreReplaced() throws IOException {
    startPolling(one);
    assertThat(pool.exchange(PING)).isEqualTo(PING);

    setThere(two);
    awaitEndpoints(two);
    for (int i = 0; i < 20; i++) {
      assertThat(pool.exchange(PING)).isEqualTo(PING);
    }

    awaitUntil(pool, "drained", now -> now.discovery().departed().endpoints() == 1);
    PoolSnapshot now = pool.snapshot();
    assertThat(now.messages()).isEqualTo(21);
    assertThat(now.opened() - now.closedBy().values().stream().mapToLong(n -> n).sum())
        .as("opened - closed = open")
        .isEqualTo(now.total() - now.dialing());
    assertThat(now.closedBy()).containsKey(CloseReason.ENDPOINT_LEFT);
    assertThat(now.discovery().joined()).isEqualTo(2);
    assertThat(now.discovery().left()).isEqualTo(1);
    awaitUntil(
        pool,
        "events",
        later ->
            events.contains(new PoolEvent.EndpointLeft(endpoint(one), RefreshReason.INTERVAL)));
    assertThat(events)
        .contains(
            new PoolEvent.EndpointJoined(endpoint(one), RefreshReason.START),
            new PoolEvent.EndpointJoined(endpoint(two), RefreshReason.INTERVAL))
        .anyMatch(event -> event instanceof PoolEvent.EndpointsRefreshed);
  }

  @Test
  void aLeaseOutlivesTheStayOfItsEndpoint() throws IOException {
    startPolling(one, two);
    awaitEndpoints(one, two);
    try (PooledSocket lease = pool.lease()) {
      TcpPeer other = lease.endpoint().equals(endpoint(one)) ? two : one;
      setThere(other);
      awaitEndpoints(other);

      lease.getOutputStream().write("still\n".getBytes(UTF_8));
      assertThat(lease.getInputStream().readNBytes(6)).isEqualTo("still\n".getBytes(UTF_8));
      assertThat(pool.snapshot().discovery().leaving()).hasSize(1);
      assertThat(pool.snapshot().leased()).isEqualTo(1);
    }
    awaitUntil(pool, "gone", now -> now.discovery().leaving().isEmpty());
  }

  @Test
  void aFailingSourceLeavesThePoolAsItIs() throws IOException {
    startPolling(one);
    assertThat(pool.exchange(PING)).isEqualTo(PING);

    there.set(List.of());
    awaitUntil(pool, "failures", now -> now.discovery().failed() > 1);

    assertThat(pool.exchange(PING)).isEqualTo(PING);
    assertThat(pool.snapshot().discovery().left()).isZero();
  }

  @Test
  void anEndpointThatIsGoneForAMomentIsKeptIfRemovalsAreDelayed() {
    setThere(one, two);
    pool =
        TcpPool.builder(Discovery.polling(there::get, OFTEN))
            .removalGrace(Duration.ofHours(1))
            .build();
    awaitEndpoints(one, two);

    setThere(two);
    long before = pool.snapshot().discovery().refreshes();
    awaitUntil(pool, "more looks", now -> now.discovery().refreshes() > before + 2);

    assertThat(endpoints(pool.snapshot())).hasSize(2);
    assertThatThrownBy(() -> TcpPool.builder("a:1").removalGrace(Duration.ZERO))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @Tag("slow") // five seconds, as that is the rule
  void aConnectFailureAsksForANewLook() throws IOException {
    Discovery seldom =
        sink -> {
          sink.push(there.get());
          return Duration.ofHours(1);
        };
    setThere(one);
    start(seldom);
    assertThat(pool.exchange(PING)).isEqualTo(PING);

    setThere(two);
    one.close(); // and nobody says so

    assertThat(pool.exchange(PING, CallOptions.within(Duration.ofSeconds(30)).idempotent()))
        .isEqualTo(PING);
    assertThat(pool.snapshot().discovery().lastReason()).isEqualTo(RefreshReason.CONNECT_FAILED);
  }

  @Test
  void aFileThatIsReplacedIsFollowed() throws IOException {
    Path file = folder.resolve("endpoints");
    Files.writeString(file, one.hostPort() + " weight=3\n");
    start(Discovery.file(file));
    assertThat(pool.exchange(PING)).isEqualTo(PING);

    Path next = folder.resolve("next");
    Files.writeString(next, two.hostPort());
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);

    awaitEndpoints(two);
    assertThat(pool.exchange(PING)).isEqualTo(PING);
  }

  @Test
  void aFactoryKnowsTheEndpointsOfTheMoment() throws IOException {
    startPolling(one);
    awaitEndpoints(one);
    Endpoint leaver = endpoint(one);
    try (Socket socket = pool.asSocketFactory().createSocket(leaver.host(), leaver.port())) {
      assertThat(socket.isConnected()).isTrue();
      assertThat(pool.snapshot().leased()).isEqualTo(1);
    }

    setThere(two);
    awaitEndpoints(two);

    try (Socket socket = pool.asSocketFactory().createSocket(leaver.host(), leaver.port())) {
      assertThat(socket.isConnected()).isTrue();
      assertThat(pool.snapshot().leased()).as("a connection of its own").isZero();
    }
  }

  @Test
  void oneSocketOverAllConnectionsNeedsNoEndpointYet() throws IOException {
    startPolling();

    assertThat(pool.asSocket().getRemoteSocketAddress().toString()).contains("unknown");
    setThere(one);
    awaitEndpoints(one);
    assertThat(pool.asSocket().getPort()).isEqualTo(endpoint(one).port());
  }

  @Test
  void anEagerPoolWaitsForItsEndpointsAndFailsIfThereAreNone() throws IOException {
    setThere(one);
    pool = TcpPool.builder(Discovery.polling(there::get, OFTEN)).connectEagerly().build();
    assertThat(pool.snapshot().idle()).isEqualTo(1);

    there.set(List.of());
    TcpPool.Builder none =
        TcpPool.builder(Discovery.polling(there::get, OFTEN))
            .callTimeout(Duration.ofMillis(200))
            .connectEagerly();
    assertThatThrownBy(none::build).hasMessageContaining("no endpoint is known");
  }
}
