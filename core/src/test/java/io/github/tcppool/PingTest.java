package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Script;
import io.github.tcppool.testkit.TcpPeer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What servers are asked on behalf of nobody: health checks, heartbeats, keep-alive. */
class PingTest {

  private static final Ping PING = Ping.of(utf8("ping\n"), utf8("ping\n"));
  private static final HealthCheck CHECK =
      HealthCheck.of(PING).interval(Duration.ofMillis(50)).timeout(Duration.ofMillis(500));

  @RegisterExtension final Bench bench = new Bench();
  private final Events events = new Events();

  private static EndpointHealth state(TcpPool pool) {
    return pool.snapshot().endpoints().get(0).health().state();
  }

  private static void awaitState(TcpPool pool, EndpointHealth state) {
    await().untilAsserted(() -> assertThat(state(pool)).isEqualTo(state));
  }

  // ---- health checks ----

  @Test
  void aServerThatAnswersItsChecksStaysUpAndSeesOneConnectionPerCheck() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(0, 2)
                .health(HealthPolicy.defaults().check(CHECK))
                .listener(events));
    peer.awaitAccepted(3);
    assertThat(state(pool)).isEqualTo(EndpointHealth.UP);
    assertThat(pool.snapshot().endpoints().get(0).total()).as("none of the pool's").isZero();
    assertThat(events.of(PoolEvent.HealthCheckFailed.class)).isEmpty();
    pool.close();
    peer.awaitOpen(0);
  }

  @Test
  void aServerThatAnswersWronglyOrNotAtAllFailsItsChecks() throws Exception {
    for (Behaviour bad : List.of(Behaviour.sends("pong\n"), Behaviour.silent())) {
      TcpPeer peer = bench.peer(bad.then(Behaviour.sink()));
      TcpPool pool =
          bench.pool(
              linesTo(peer.hostPort())
                  .connections(0, 2)
                  .health(HealthPolicy.defaults().check(CHECK.timeout(Duration.ofMillis(100)))));
      awaitState(pool, EndpointHealth.FAILING);
      assertThat(pool.snapshot().endpoints().get(0).health().reason()).startsWith("checks fail: ");
      pool.send(utf8("the only endpoint is used all the same"));
    }
  }

  @Test
  void itIsEnoughForConnectOnlyThatAConnectionCanBeMade() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.silent());
    HealthCheck check = HealthCheck.connectOnly().interval(Duration.ofMillis(50));
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(0, 2)
                .listener(events)
                .health(HealthPolicy.defaults().check(check)));
    peer.awaitAccepted(3);
    assertThat(state(pool)).isEqualTo(EndpointHealth.UP);
    peer.stop();
    awaitState(pool, EndpointHealth.FAILING);
    assertThat(events.of(PoolEvent.HealthCheckFailed.class).get(0).cause())
        .hasMessageContaining("refused");
  }

  @Test
  void theConnectHookPreparesTheConnectionOfACheck() throws Exception {
    TcpPeer peer = bench.peer(Script.begin().expect("LOGIN\n").then(Behaviour.echo()));
    AtomicInteger logins = new AtomicInteger();
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(0, 2)
                .health(HealthPolicy.defaults().check(CHECK))
                .onConnect(
                    (socket, endpoint) -> {
                      logins.incrementAndGet();
                      socket.getOutputStream().write(utf8("LOGIN\n"));
                    }));
    await().until(() -> logins.get() >= 3);
    assertThat(state(pool)).isEqualTo(EndpointHealth.UP);
    assertThat(peer.failures()).isEmpty();
  }

  // ---- heartbeats ----

  @Test
  void anUnusedConnectionThatLeadsNowhereIsFoundByItsHeartbeat() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.silent());
    Heartbeat heartbeat =
        Heartbeat.of(PING).idle(Duration.ofSeconds(1)).timeout(Duration.ofMillis(100));
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(0, 2)
                .listener(events)
                .health(HealthPolicy.defaults().heartbeat(heartbeat)));
    pool.lease().close();
    events.awaitClosed(CloseReason.NO_HEARTBEAT, 1);
    assertThat(pool.snapshot().endpoints().get(0).health().failedCalls()).isEqualTo(1);
  }

  @Test
  void aConnectionThatAnswersItsHeartbeatsStaysAndServes() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    Heartbeat heartbeat = Heartbeat.of(PING).idle(Duration.ofSeconds(1));
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(1)
                .listener(events)
                .health(HealthPolicy.defaults().heartbeat(heartbeat)));
    awaitIdle(pool, 1);
    await().until(() -> peer.bytesReceived() >= 10);
    assertThat(pool.exchange(utf8("hello"))).isEqualTo(utf8("hello"));
    assertThat(peer.accepted()).isEqualTo(1);
    assertThat(events.of(PoolEvent.ConnectionClosed.class)).isEmpty();
  }

  @Test
  void whatAHeartbeatLeavesUnreadReachesNoCaller() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    Ping sloppy = Ping.of(utf8("ping\n"), utf8("ping"));
    TcpPool pool = beating(peer, sloppy);
    await().until(() -> peer.bytesReceived() >= 5);
    assertThat(pool.exchange(utf8("hello"))).isEqualTo(utf8("hello"));
    assertThat(pool.exchange(utf8("again"))).isEqualTo(utf8("again"));
  }

  @Test
  void whatHasArrivedForAReceiverIsNoAnswerToAHeartbeat() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = beating(peer, PING);
    awaitIdle(pool, 1);
    pool.send(utf8("news"));
    await().pollDelay(Duration.ofMillis(2_500)).until(() -> true); // two heartbeats would be due
    assertThat(pool.receive()).isEqualTo(utf8("news"));
    assertThat(events.of(PoolEvent.ConnectionClosed.class)).isEmpty();
  }

  private TcpPool beating(TcpPeer peer, Ping ping) {
    Heartbeat heartbeat = Heartbeat.of(ping).idle(Duration.ofSeconds(1));
    return bench.pool(
        linesTo(peer.hostPort())
            .connections(1)
            .listener(events)
            .health(HealthPolicy.defaults().heartbeat(heartbeat)));
  }

  // ---- keep-alive ----

  @Test
  void theKernelLooksWhetherAPeerHasVanishedWithinAMinute() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    try (PooledSocket socket = bench.pool(linesTo(peer.hostPort())).lease()) {
      assertThat(socket.getKeepAlive()).isTrue();
      if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
        assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(30);
        assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(10);
        assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(3);
      }
    }
  }

  // ---- bad input ----

  @Test
  void badValuesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ping.of(new byte[0], utf8("x")))
        .withMessage("request of a ping must have at least 1 byte, but had 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ping.of(utf8("x"), new byte[0]))
        .withMessage("reply of a ping must have at least 1 byte, but had 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CHECK.interval(Duration.ofMillis(9)))
        .withMessage("interval of health checks must be at least 10 ms, but was PT0.009S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CHECK.timeout(Duration.ZERO))
        .withMessage("timeout of health checks must be at least 1 ms, but was PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CHECK.rise(0))
        .withMessage("rise must be at least 1, but was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CHECK.fall(0))
        .withMessage("fall must be at least 1, but was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Heartbeat.of(PING).idle(Duration.ofMillis(999)))
        .withMessage("idle time of heartbeats must be at least 1 s, but was PT0.999S");
  }
}
