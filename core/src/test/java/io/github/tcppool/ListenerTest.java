package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.awaitUntil;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Ports;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What listeners and the log are told, and what not. */
class ListenerTest {

  @RegisterExtension final Bench bench = new Bench();
  private final Events events = new Events();
  @RegisterExtension final Logged log = new Logged(Level.DEBUG);

  @Test
  void anOutageIsOneWarningAndItsEndOneNote() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).listener(events));
    pool.exchange(utf8("before"));
    peer.kill();
    Task<byte[]> caller = bench.start(() -> pool.exchange(utf8("during")));
    awaitUntil(pool, "failures", now -> now.endpoints().get(0).dialFailures() >= 3);
    assertThat(pool.snapshot().endpoints().get(0).up()).isFalse();
    assertThat(pool.snapshot().endpoints().get(0).lastFailure()).contains("Connection refused");
    peer.restart();
    caller.result();
    events.awaitFirst(PoolEvent.EndpointUp.class);
    String name = pool.snapshot().name();
    assertThat(log.at(Level.WARN))
        .hasSize(1)
        .first()
        .asString()
        .contains(name, peer.hostPort() + " is down", "Connection refused");
    assertThat(log.at(Level.INFO))
        .hasSize(1)
        .first()
        .asString()
        .contains(name, peer.hostPort() + " is up again after");
    assertThat(events.of(PoolEvent.EndpointUp.class).get(0).downFor()).isPositive();
    assertThat(pool.snapshot().endpoints().get(0).up()).isTrue();
  }

  @Test
  void noMessageLeavesALineInTheLog() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(2));
    awaitIdle(pool, 2);
    pool.send(utf8("first"));
    int before = log.all().size();
    for (int i = 0; i < 1_000; i++) {
      pool.send(utf8("secret payload"));
    }
    assertThat(log.all()).hasSize(before);
    assertThat(log.all()).noneMatch(line -> line.getFormattedMessage().contains("secret"));
  }

  @Test
  void everyConnectionIsToldWhenItOpensAndThenWhenItCloses() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 4).listener(events));
    List<Task<Object>> callers =
        IntStream.range(0, 8).mapToObj(i -> bench.start(() -> leaseAndDiscard(pool))).toList();
    callers.forEach(Task::result);
    pool.close();
    awaitUntil(pool, "all closed", now -> now.total() == 0);
    PoolSnapshot now = pool.snapshot();
    await().until(() -> events.of(PoolEvent.ConnectionClosed.class).size() == now.opened());
    Set<Long> open = new HashSet<>();
    List<String> wrong = new ArrayList<>();
    for (PoolEvent event : events.all()) {
      if (event instanceof PoolEvent.ConnectionOpened opened && !open.add(opened.connectionId())) {
        wrong.add("opened twice: " + event);
      }
      if (event instanceof PoolEvent.ConnectionClosed closed
          && !open.remove(closed.connectionId())) {
        wrong.add("closed before it was opened: " + event);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(open).isEmpty();
    assertThat(now.closedBy().get(CloseReason.DISCARDED)).isEqualTo(400);
  }

  private static Object leaseAndDiscard(TcpPool pool) throws IOException {
    for (int i = 0; i < 50; i++) {
      pool.lease().discard();
    }
    return "done";
  }

  @Test
  void aListenerThatFailsHarmsNobody() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .listener(
                    event -> {
                      throw new AssertionError("a broken listener");
                    })
                .listener(events));
    assertThat(pool.exchange(utf8("x"))).isEqualTo(utf8("x"));
    pool.lease().discard();
    assertThat(pool.exchange(utf8("x"))).isEqualTo(utf8("x"));
    events.awaitClosed(CloseReason.DISCARDED, 1);
    assertThat(log.at(Level.WARN)).allMatch(line -> line.contains("a listener failed at"));
  }

  @Test
  void aListenerMayCallThePool() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool[] itself = new TcpPool[1];
    List<String> answers = new java.util.concurrent.CopyOnWriteArrayList<>();
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(0, 2)
                .listener(
                    event -> {
                      if (event instanceof PoolEvent.ConnectionClosed) {
                        answers.add(ask(itself[0]));
                      }
                    }));
    itself[0] = pool;
    pool.lease().discard();
    await().until(() -> !answers.isEmpty());
    assertThat(answers).containsExactly("x");
  }

  @Test
  void aListenerThatIsToldOfTheCloseMayWaitForOthersWhoCloseThePool() {
    TcpPool[] itself = new TcpPool[1];
    List<CloseReport> reports = new java.util.concurrent.CopyOnWriteArrayList<>();
    TcpPool pool =
        bench.pool(
            linesTo("127.0.0.1:" + io.github.tcppool.testkit.Ports.unused())
                .listener(
                    event -> {
                      if (event instanceof PoolEvent.PoolClosed) {
                        reports.add(
                            bench.start(() -> itself[0].close(Duration.ofSeconds(1))).result());
                      }
                    }));
    itself[0] = pool;
    assertThat(reports).isEmpty();
    CloseReport report = pool.close(Duration.ofSeconds(1));
    await().until(() -> !reports.isEmpty());
    assertThat(reports).containsExactly(report);
  }

  @Test
  void aCloseThatLeavesADialBehindSaysSo() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    ConnectHook waits =
        (socket, endpoint) -> {
          begun.countDown();
          boolean unused = awaitUninterrupted(end);
        };
    TcpPool pool =
        bench.pool(
            linesTo(bench.peer(Behaviour.echo()).hostPort()).connections(1).onConnect(waits));
    begun.await();
    CloseReport report = pool.close(Duration.ofMillis(10));
    end.countDown();
    assertThat(report.forced()).isZero();
    assertThat(log.at(Level.WARN)).anyMatch(line -> line.contains("were not gone when close"));
  }

  private static boolean awaitUninterrupted(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String ask(TcpPool pool) {
    try {
      return Bench.text(pool.exchange(utf8("x")));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void whatAPeerSaysCannotForgeALogLine() {
    String down = "127.0.0.1:" + Ports.unused();
    TcpPool pool =
        bench.pool(
            linesTo("127.0.0.1:" + bench.peer(Behaviour.sink()).port(), down)
                .retry(RetryPolicy.attempts(1))
                .onConnect(
                    (socket, endpoint) -> {
                      throw new IOException(
                          "evil\r\nWARN all is well \u001b[31m" + "x".repeat(999));
                    }));
    assertThatThrownBy(() -> pool.send(utf8("x"))).isInstanceOf(ConnectFailedException.class);
    await().until(() -> !log.at(Level.WARN).isEmpty());
    assertThat(log.all())
        .allSatisfy(
            line ->
                assertThat(line.getFormattedMessage())
                    .hasSizeLessThan(500)
                    .doesNotContain("\n", "\r", "\u001b"));
  }

  @Test
  void theFiguresOfAnEndpointAddUp() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1).listener(events));
    for (int i = 0; i < 10; i++) {
      pool.exchange(utf8("12345"));
    }
    pool.lease().discard();
    events.awaitClosed(CloseReason.DISCARDED, 1);
    EndpointSnapshot now = pool.snapshot().endpoints().get(0);
    assertThat(now.messages()).isEqualTo(11);
    assertThat(now.bytesWritten()).isEqualTo(60);
    assertThat(now.bytesRead()).isEqualTo(60);
    assertThat(now.opened()).isEqualTo(1);
    assertThat(now.closed()).isEqualTo(1);
    assertThat(pool.snapshot().closedBy()).isEqualTo(java.util.Map.of(CloseReason.DISCARDED, 1L));
    assertThat(events.of(PoolEvent.ConnectionClosed.class).get(0).messages()).isEqualTo(11);
  }

  // ---- leaks ----

  @Test
  void aLeaseThatIsOutForTooLongIsToldOnceWithItsBorrower() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool =
        bench.pool(linesTo(peer.hostPort()).leakThreshold(Duration.ofMillis(50)).listener(events));
    PooledSocket lease = pool.lease();
    PoolEvent.LeaseLeaked leak = events.awaitFirst(PoolEvent.LeaseLeaked.class);
    assertThat(leak.collected()).isFalse();
    assertThat(leak.heldFor()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    assertThat(leak.leasedAt()).hasStackTraceContaining("aLeaseThatIsOutForTooLongIsTold");
    assertThat(log.at(Level.WARN))
        .hasSize(1)
        .first()
        .asString()
        .contains("has not been given back");
    lease.getOutputStream().write(utf8("still mine\n"));
    assertThat(lease.getInputStream().readNBytes(11)).isEqualTo(utf8("still mine\n"));
    lease.close();
    assertThat(events.of(PoolEvent.LeaseLeaked.class)).hasSize(1);
    awaitIdle(pool, 1);
  }

  @Test
  void aLeaseThatIsLostIsToldAndItsPlaceIsFree() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1).listener(events));
    String forgotten = pool.lease().toString();
    assertThat(forgotten).contains("connection 1");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              System.gc();
              return !events.of(PoolEvent.LeaseLeaked.class).isEmpty();
            });
    assertThat(events.awaitFirst(PoolEvent.LeaseLeaked.class).collected()).isTrue();
    events.awaitClosed(CloseReason.LEAKED, 1);
    assertThat(log.at(Level.WARN))
        .hasSize(1)
        .first()
        .asString()
        .contains("lost without being closed");
    assertThat(pool.exchange(utf8("x"))).isEqualTo(utf8("x"));
  }

  @Test
  void closeReturnsWhenListenersHaveHeardOfTheEndOfEveryConnection() {
    TcpPeer peer = bench.peer(Behaviour.sink());
    for (int round = 0; round < 50; round++) { // it was a race, won most of the time
      Events heard = new Events();
      TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(3).listener(heard));
      awaitIdle(pool, 3);
      pool.close();
      assertThat(heard.closeReasons()).hasSize(3);
    }
  }
}
