package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.awaitUntil;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Ports;
import io.github.tcppool.testkit.TcpPeer;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the Go library can do, one test for each, by its name there. */
class GoLibraryTest {

  @RegisterExtension final Bench bench = new Bench();

  @Test
  void dial() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    pool.send(utf8("hello"));
    peer.awaitFrames(1);
    assertThat(peer.texts()).containsExactly("hello\n");
  }

  @Test
  void dialWhileTheServerIsDown() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    peer.kill();
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    Task<Object> sender =
        bench.start(
            () -> {
              pool.send(utf8("early"));
              return "sent";
            });
    awaitUntil(pool, "a failed dial", now -> now.endpoints().get(0).dialFailures() > 0);
    peer.restart();
    sender.result();
    peer.awaitFrames(1);
  }

  @Test
  void dialTcp4() throws Exception {
    TcpPeer four = bench.peer(Behaviour.sink());
    TcpPool.Builder builder = linesTo(four.hostPort(), "[::1]:" + Ports.unused());
    TcpPool pool = bench.pool(builder.family(StandardProtocolFamily.INET));
    pool.send(utf8("by 4"));
    four.awaitFrames(1);
    assertFamilyRefused("[::1]:" + four.port(), StandardProtocolFamily.INET);
  }

  @Test
  void dialTcp6() throws Exception {
    TcpPeer six = bench.serving(TcpPeer.builder().ipv6().behaviour(Behaviour.sink()).start());
    TcpPool pool = bench.pool(linesTo(six.hostPort()).family(StandardProtocolFamily.INET6));
    pool.send(utf8("by 6"));
    six.awaitFrames(1);
    assertFamilyRefused("127.0.0.1:" + six.port(), StandardProtocolFamily.INET6);
  }

  private void assertFamilyRefused(String endpoint, StandardProtocolFamily family) {
    TcpPool other = bench.pool(linesTo(endpoint).family(family).retry(RetryPolicy.attempts(1)));
    assertThatThrownBy(() -> other.send(utf8("x")))
        .isInstanceOf(ConnectFailedException.class)
        .hasCauseInstanceOf(UnknownHostException.class)
        .hasMessageContaining("no address of family " + family);
  }

  @Test
  void dialTcpWithALocalAddress() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(2)
                .localAddress(new InetSocketAddress("127.0.0.2", 0)));
    awaitIdle(pool, 2);
    peer.awaitAccepted(2);
    assertThat(peer.connections())
        .allSatisfy(
            connection ->
                assertThat(connection.remoteAddress().getHostString()).isEqualTo("127.0.0.2"));
  }

  @Test
  void setPoolSizeUpWhileInUse() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(2));
    AtomicBoolean stop = new AtomicBoolean();
    List<Task<Integer>> senders = startSenders(pool, stop);
    bench.maximumMayRiseTo(8);
    pool.update(options -> options.connections(8));
    awaitUntil(pool, "8 connections", now -> now.endpoints().get(0).opened() >= 8);
    assertAllArrive(peer, senders, stop);
    assertThat(pool.snapshot().total()).isEqualTo(8);
  }

  @Test
  void setPoolSizeDownWhileInUse() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(8));
    awaitIdle(pool, 8);
    AtomicBoolean stop = new AtomicBoolean();
    List<Task<Integer>> senders = startSenders(pool, stop);
    pool.update(options -> options.connections(2));
    awaitUntil(pool, "2 connections", now -> now.total() == 2);
    assertAllArrive(peer, senders, stop);
    assertThat(pool.snapshot().closedBy()).containsOnlyKeys(CloseReason.SHRUNK);
  }

  private List<Task<Integer>> startSenders(TcpPool pool, AtomicBoolean stop) {
    List<Task<Integer>> senders =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    bench.start(
                        () -> {
                          int sent = 0;
                          for (; !stop.get(); sent++) {
                            pool.send(utf8("message"));
                          }
                          return sent;
                        }))
            .toList();
    awaitUntil(pool, "traffic", now -> now.messages() > 100);
    return senders;
  }

  private static void assertAllArrive(
      TcpPeer peer, List<Task<Integer>> senders, AtomicBoolean stop) {
    stop.set(true);
    int sent = senders.stream().mapToInt(Task::result).sum();
    peer.awaitFrames(sent);
    assertThat(peer.framesReceived()).isEqualTo(sent);
  }

  @Test
  void setMaxRetriesWhileInUse() {
    String down = "127.0.0.1:" + Ports.unused();
    TcpPool pool = bench.pool(linesTo(down).retry(RetryPolicy.attempts(1)));
    assertThatThrownBy(() -> pool.send(utf8("x"))).hasMessageContaining("after 1 attempt;");
    pool.update(options -> options.retry(RetryPolicy.attempts(3)));
    assertThatThrownBy(() -> pool.send(utf8("x"))).hasMessageContaining("after 3 attempts");
  }

  @Test
  void setMaxRetriesCountsForACallThatWaitsAlready() {
    String down = "127.0.0.1:" + Ports.unused();
    TcpPool pool =
        bench.pool(
            linesTo(down)
                .callTimeout(Bench.PATIENCE)
                .retry(
                    RetryPolicy.untilDeadline().backoff(Backoff.constant(Duration.ofMinutes(5)))));
    Task<Object> sender =
        bench.start(
            () -> {
              pool.send(utf8("x"));
              return "sent";
            });
    awaitUntil(pool, "a failed dial", now -> now.endpoints().get(0).dialFailures() > 0);
    pool.update(options -> options.retry(RetryPolicy.attempts(3)));
    assertThat(sender.failure()).hasMessageContaining("after 3 attempts");
  }

  @Test
  void setRetryIntervalWhileInUse() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    peer.kill();
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .retry(
                    RetryPolicy.untilDeadline().backoff(Backoff.constant(Duration.ofMinutes(5)))));
    Task<Object> sender =
        bench.start(
            () -> {
              pool.send(utf8("x"));
              return "sent";
            });
    awaitUntil(pool, "a failed dial", now -> now.endpoints().get(0).dialFailures() > 0);
    peer.restart();
    pool.update(
        options ->
            options.retry(
                RetryPolicy.untilDeadline().backoff(Backoff.constant(Duration.ofMillis(10)))));
    sender.result();
  }

  @Test
  void autoReconnect() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(2));
    for (int round = 0; round < 10; round++) {
      assertThat(pool.exchange(utf8("round " + round))).isEqualTo(utf8("round " + round));
      peer.restart();
    }
  }

  @Test
  void closeIsIdempotentAlsoDuringUse() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(3));
    List<Task<Object>> senders =
        IntStream.range(0, 4).mapToObj(i -> bench.start(() -> sendUntilClosed(pool))).toList();
    awaitUntil(pool, "traffic", now -> now.messages() > 100);
    List<Task<String>> closers =
        IntStream.range(0, 3)
            .mapToObj(
                i ->
                    bench.start(
                        () -> {
                          pool.close();
                          return "closed";
                        }))
            .toList();
    closers.forEach(Task::result);
    long sent = senders.stream().mapToLong(sender -> (long) sender.result()).sum();
    pool.close();
    peer.awaitFrames(sent);
    assertThat(peer.framesReceived()).isEqualTo(sent);
  }

  private static Object sendUntilClosed(TcpPool pool) throws Exception {
    for (long sent = 0; ; sent++) {
      try {
        pool.send(utf8("message"));
      } catch (PoolClosedException e) {
        return sent;
      }
    }
  }

  @Test
  void localAddrAndRemoteAddr() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    try (PooledSocket socket = pool.lease()) {
      assertThat(socket.getLocalSocketAddress()).isEqualTo(peer.awaitAccepted(1).remoteAddress());
      assertThat(socket.getRemoteSocketAddress()).isEqualTo(peer.address());
      assertThat(socket.endpoint()).isEqualTo(Endpoint.parse(peer.hostPort()));
    }
    try (DeadlineSocket whole = pool.asSocket()) {
      assertThat(((InetSocketAddress) whole.getRemoteSocketAddress()).getPort())
          .isEqualTo(peer.port());
      assertThat(whole.getLocalSocketAddress()).isNotNull();
    }
  }
}
