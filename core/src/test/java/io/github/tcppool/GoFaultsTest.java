package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.awaitUntil;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.smallBuffersTo;
import static io.github.tcppool.Bench.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.PeerConnection;
import io.github.tcppool.testkit.Ports;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The known faults of the Go library, which must not be possible here. */
class GoFaultsTest {

  @RegisterExtension final Bench bench = new Bench();

  @Test
  void aFinIsSeenBeforeTheWriteAndNotAfterTheLoss() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(2));
    awaitIdle(pool, 2);
    peer.awaitAccepted(2);
    peer.closeAll();
    pool.send(utf8("one"));
    pool.send(utf8("two"));
    peer.awaitFrames(2);
    assertThat(peer.texts()).containsExactlyInAnyOrder("one\n", "two\n");
  }

  @Test
  void aResendNeverPutsAPrefixIntoALiveStream() throws Exception {
    TcpPeer peer =
        bench.serving(
            TcpPeer.builder()
                .behaviour(
                    Behaviour.byNumber(
                        number ->
                            number <= 3
                                ? Behaviour.sink().afterBytes(5_000, Behaviour.reset())
                                : Behaviour.sink()))
                .receiveBuffer(4_096)
                .start());
    TcpPool pool = bench.pool(smallBuffersTo(peer.hostPort()).connections(0, 1));
    String line = "x".repeat(200_000);
    pool.send(utf8(line), CallOptions.defaults().idempotent());
    pool.send(utf8("next"));
    peer.awaitFrames(2);
    assertThat(peer.texts()).containsExactly(line + "\n", "next\n");
    assertThat(peer.connection(4).bytesReceived()).isEqualTo(200_001 + 5);
  }

  @Test
  void aDeadlineOnTheWholeSocketEndsAStuckWrite() throws Exception {
    TcpPool pool = bench.pool(smallBuffersTo(bench.stalledPeer().hostPort()));
    try (DeadlineSocket socket = pool.asSocket()) {
      socket.setWriteDeadline(Duration.ofMillis(100));
      long start = System.nanoTime();
      assertThatThrownBy(() -> socket.getOutputStream().write(utf8("x".repeat(500_000) + "\n")))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Bench.SOON);
    }
  }

  @Test
  void aWriteAfterCloseFailsInOrderAndCrashesNothing() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(2));
    DeadlineSocket whole = pool.asSocket();
    awaitIdle(pool, 2);
    pool.close();
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> pool.send(utf8("x"))).isInstanceOf(PoolClosedException.class);
      assertThatThrownBy(() -> whole.getOutputStream().write(utf8("x\n")))
          .isInstanceOf(PoolClosedException.class);
    }
    assertThat(peer.bytesReceived()).isZero();
  }

  @Test
  void thePositionInTurnStandsConcurrentSendersAndChangesOfSize() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 10));
    bench.maximumMayRiseTo(10);
    AtomicBoolean stop = new AtomicBoolean();
    List<Task<Integer>> senders =
        IntStream.range(0, 8).mapToObj(i -> bench.start(() -> sendUntil(stop, pool))).toList();
    for (int round = 0; round < 200; round++) {
      int size = 1 + round % 10;
      pool.update(options -> options.connections(0, size));
    }
    stop.set(true);
    int sent = senders.stream().mapToInt(Task::result).sum();
    peer.awaitFrames(sent);
    assertThat(peer.framesReceived()).isEqualTo(sent);
  }

  private static int sendUntil(AtomicBoolean stop, TcpPool pool) throws IOException {
    int sent = 0;
    for (; !stop.get(); sent++) {
      pool.send(utf8("message"));
    }
    return sent;
  }

  @Test
  void reconnectsDoNotKillEachOther() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    Events events = new Events();
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(4).listener(events));
    AtomicBoolean stop = new AtomicBoolean();
    List<Task<Integer>> senders =
        IntStream.range(0, 8)
            .mapToObj(i -> bench.start(() -> sendWhateverHappens(stop, pool)))
            .toList();
    for (int round = 0; round < 5; round++) {
      long before = peer.framesReceived();
      peer.restart();
      peer.awaitFrames(before + 100);
    }
    peer.awaitOpen(4); // the pool's own figures count those that it has not yet found dead
    awaitUntil(pool, "all back", now -> now.total() == 4 && now.idle() + now.leased() == 4);
    long closed = pool.snapshot().endpoints().get(0).closed();
    long before = peer.framesReceived();
    peer.awaitFrames(before + 10_000);
    stop.set(true);
    senders.forEach(Task::result);
    assertThat(pool.snapshot().endpoints().get(0).closed()).isEqualTo(closed);
    assertThat(events.closeReasons())
        .isSubsetOf(CloseReason.PEER_RESET, CloseReason.PEER_CLOSED, CloseReason.TORN_MESSAGE);
    assertThat(peer.connections().stream().filter(PeerConnection::isOpen)).hasSize(4);
  }

  private static int sendWhateverHappens(AtomicBoolean stop, TcpPool pool) {
    int failed = 0;
    while (!stop.get()) {
      failed += catchThrowable(() -> pool.send(utf8("message"))) == null ? 0 : 1;
    }
    return failed;
  }

  @Test
  void theRealErrorIsTold() {
    String down = "127.0.0.1:" + Ports.unused();
    TcpPool pool = bench.pool(linesTo(down).retry(RetryPolicy.attempts(3)));
    assertThatThrownBy(() -> pool.send(utf8("x")))
        .isInstanceOf(ConnectException.class)
        .hasMessageContainingAll(down, "3 attempts", "Connection refused")
        .hasRootCauseInstanceOf(ConnectException.class)
        .hasRootCauseMessage("Connection refused");
  }

  @Test
  void aNameIsResolvedAnewForEveryDial(@TempDir Path temp) throws Exception {
    assertThat(HostsJvm.run(MovingName.class, temp)).endsWith("moved\n");
  }

  /** In a JVM of its own, whose names come from a file: the server moves to another address. */
  static final class MovingName {
    private MovingName() {}

    public static void main(String[] args) throws Exception {
      Path hosts = Path.of(args[0]);
      Files.writeString(hosts, "127.0.0.1 moving.test\n");
      try (TcpPeer old = TcpPeer.start(Behaviour.echo());
          TcpPeer next =
              TcpPeer.builder().ipv6().port(old.port()).behaviour(Behaviour.echo()).start();
          TcpPool pool = linesTo("moving.test:" + old.port()).build()) {
        pool.exchange(utf8("to the old address"));
        Files.writeString(hosts, "::1 moving.test\n");
        old.kill();
        pool.exchange(utf8("to the new address"));
        System.out.println(next.framesReceived() == 1 ? "moved" : "stayed");
      }
    }
  }
}
