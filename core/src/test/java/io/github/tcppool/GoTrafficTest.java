package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.smallBuffersTo;
import static io.github.tcppool.Bench.text;
import static io.github.tcppool.Bench.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.balance.Balancer;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.PeerConnection;
import io.github.tcppool.testkit.TcpPeer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Go library does with traffic, and the list of what it is going to do. */
@Tag("alone") // shares are even as far as the scheduler is
class GoTrafficTest {

  /** What the Go library's users may expect of shares, in part of the mean. */
  private static final double SHARE_TOLERANCE = 0.02;

  /**
   * What a sender pauses between two messages. At full speed 100,000 sends take a tenth of a
   * second, of which a sender that loses its processor can hold a connection for a fifth; at this
   * pace senders rarely lose it, as in most programs. RotationTest shows the policy where nobody
   * ever does.
   */
  private static final long PACE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  @RegisterExtension final Bench bench = new Bench();

  @ParameterizedTest(name = "{0} messages over 7 connections")
  @ValueSource(ints = {1, 6, 7, 8, 100, 1_003})
  void writeGoesRoundInTurnExactlyWithOneSender(int messages) throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(7));
    awaitIdle(pool, 7);
    peer.awaitAccepted(7);
    for (int i = 0; i < messages; i++) {
      pool.send(utf8("message " + i));
    }
    peer.awaitFrames(messages);
    long[] shares = peer.connections().stream().mapToLong(PeerConnection::framesReceived).toArray();
    assertThat(shares).hasSize(7);
    assertThat(max(shares) - min(shares)).isLessThanOrEqualTo(1);
  }

  @Test
  void writeSharesWithinTwoPercentWithManySendersAndOneStuckConnection() throws Exception {
    TcpPeer peer =
        bench.serving(
            TcpPeer.builder()
                .behaviour(Behaviour.sink())
                .keepFrames(1)
                .patience(Duration.ofSeconds(20))
                .start());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(10));
    awaitIdle(pool, 10);
    peer.awaitAccepted(10);
    PooledSocket lease = pool.lease();
    PeerConnection victim = bySourcePort(peer, lease.getLocalPort());
    victim.pause();
    Task<Object> stuck =
        bench.start(
            () -> {
              lease.getOutputStream().write(new byte[32 << 20]); // more than the kernel takes
              return "written";
            });
    List<Task<Integer>> senders =
        IntStream.range(0, 8).mapToObj(i -> bench.start(() -> sendMany(pool, 12_500))).toList();
    senders.forEach(Task::result);
    peer.awaitFrames(100_000);
    long[] shares =
        peer.connections().stream()
            .filter(one -> one != victim)
            .mapToLong(PeerConnection::framesReceived)
            .toArray();
    double mean = 100_000 / 9.0;
    assertThat(shares).hasSize(9);
    assertThat(max(shares) - mean).isLessThanOrEqualTo(SHARE_TOLERANCE * mean);
    assertThat(mean - min(shares)).isLessThanOrEqualTo(SHARE_TOLERANCE * mean);
    assertThat(stuck.isDone()).isFalse();
    victim.resume();
    stuck.result();
    lease.close();
  }

  private static PeerConnection bySourcePort(TcpPeer peer, int port) {
    return peer.connections().stream()
        .filter(connection -> connection.remoteAddress().getPort() == port)
        .findFirst()
        .orElseThrow();
  }

  private static int sendMany(TcpPool pool, int messages) throws Exception {
    byte[] message = utf8("message");
    for (int i = 0; i < messages; i++) {
      pool.send(message);
      LockSupport.parkNanos(PACE_NANOS);
    }
    return messages;
  }

  // ---- its to-do list ----

  @Test
  void readFansInFromAllConnections() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(3));
    awaitIdle(pool, 3);
    peer.awaitAccepted(3);
    try (DeadlineSocket whole = pool.asSocket()) {
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(whole.getInputStream(), StandardCharsets.UTF_8));
      for (int number = 1; number <= 3; number++) {
        peer.connection(number).send("from " + number + "\n");
      }
      StringBuilder all = new StringBuilder();
      while (!all.toString().matches("(?s).*from \\d.*from \\d.*from \\d.*")) {
        all.append((char) reader.read());
      }
      assertThat(all.toString()).contains("from 1", "from 2", "from 3");
    }
    peer.connection(2).send("whole frame\n");
    assertThat(text(pool.receive())).isEqualTo("whole frame");
  }

  @Test
  void setReadDeadlineBoundsReads() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.silent());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    for (DeadlineSocket socket : List.of(pool.asSocket(), pool.lease())) {
      long start = System.nanoTime();
      socket.setReadDeadline(Duration.ofMillis(50));
      assertTimesOut(start, () -> socket.getInputStream().read());
      socket.close();
    }
  }

  @Test
  void setWriteDeadlineBoundsWrites() throws Exception {
    TcpPool pool = bench.pool(smallBuffersTo(bench.stalledPeer().hostPort()));
    byte[] large = utf8("x".repeat(500_000) + "\n");
    for (DeadlineSocket socket : List.of(pool.asSocket(), pool.lease())) {
      long start = System.nanoTime();
      socket.setWriteDeadline(Duration.ofMillis(50));
      assertTimesOut(start, () -> socket.getOutputStream().write(large));
      socket.close();
    }
  }

  @Test
  void setDeadlineBoundsBothAndCanBeTakenAway() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.silent());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    for (DeadlineSocket socket : List.of(pool.asSocket(), pool.lease())) {
      long start = System.nanoTime();
      socket.setDeadline(Duration.ofMillis(50));
      assertTimesOut(start, () -> socket.getInputStream().read());
      socket.setDeadline(null);
      socket.getOutputStream().write(utf8("still writing\n"));
      socket.close();
    }
    peer.awaitFrames(2);
  }

  private interface Operation {
    void run() throws Exception;
  }

  private static void assertTimesOut(long start, Operation operation) {
    assertThatThrownBy(operation::run).isInstanceOf(SocketTimeoutException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(45), Bench.SOON);
  }

  static Stream<Balancer> balancers() {
    return Stream.of(Balancer.roundRobin(), Balancer.random(), Balancer.leastLoaded());
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void loadBalancingStrategies(Balancer balancer) throws Exception {
    List<TcpPeer> peers = Stream.generate(() -> bench.peer(Behaviour.sink())).limit(3).toList();
    String[] endpoints = peers.stream().map(TcpPeer::hostPort).toArray(String[]::new);
    TcpPool pool = bench.pool(linesTo(endpoints).connections(1).balancer(balancer));
    awaitIdle(pool, 3);
    for (int i = 0; i < 900; i++) {
      pool.send(utf8("message " + i));
    }
    assertThat(pool.snapshot().endpoints())
        .allSatisfy(one -> assertThat(one.messages()).isBetween(200L, 400L));
    assertThat(pool.snapshot().messages()).isEqualTo(900);
  }

  @Test
  void maxIdleTime() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    Events events = new Events();
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(1, 5)
                .maxIdle(Duration.ofMillis(100))
                .listener(events));
    List<PooledSocket> leases =
        List.of(pool.lease(), pool.lease(), pool.lease(), pool.lease(), pool.lease());
    for (PooledSocket lease : leases) {
      lease.close();
    }
    events.awaitClosed(CloseReason.IDLE, 4);
    awaitIdle(pool, 1);
    assertThat(events.closeReasons()).containsOnly(CloseReason.IDLE).hasSize(4);
    assertThat(peer.connections()).noneMatch(PeerConnection::sawReset);
  }

  @Test
  void minConnAndMaxConn() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(2, 4));
    awaitIdle(pool, 2);
    List<PooledSocket> leases = List.of(pool.lease(), pool.lease(), pool.lease(), pool.lease());
    assertThatThrownBy(() -> pool.lease(Bench.within(30)))
        .isInstanceOf(CallTimeoutException.class)
        .hasMessageContaining("leased 4");
    for (PooledSocket lease : leases) {
      lease.discard();
    }
    awaitIdle(pool, 2);
    assertThat(pool.snapshot().total()).isEqualTo(2);
  }

  private static long max(long[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  private static long min(long[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }
}
