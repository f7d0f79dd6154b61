package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.awaitUntil;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.smallBuffersTo;
import static io.github.tcppool.Bench.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Blackhole;
import io.github.tcppool.testkit.TcpPeer;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Closing refuses, drains, forces what is left, and says so. */
class CloseTest {

  private static final Duration LONG = Duration.ofSeconds(10);

  @RegisterExtension final Bench bench = new Bench();
  private final Events events = new Events();

  @Test
  void closingLosesNothingThatWasSent() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink().readingSlowly(20_000, Duration.ofMillis(5)));
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(3));
    for (int i = 0; i < 60; i++) {
      pool.send(utf8("x".repeat(10_000)));
    }
    assertThat(pool.close(LONG).isClean()).isTrue();
    peer.awaitFrames(60);
    peer.awaitOpen(0);
    assertThat(peer.connections()).noneMatch(connection -> connection.sawReset());
  }

  @Test
  void theReportCountsWhatClosingDid() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(3).listener(events));
    awaitIdle(pool, 3);
    pool.evict();
    events.awaitClosed(CloseReason.EVICTED, 3);
    awaitIdle(pool, 3);
    PooledSocket lease = pool.lease();
    Task<CloseReport> closer = bench.start(() -> pool.close(LONG));
    awaitUntil(pool, "all closed but the lease", now -> now.closed() && now.total() == 1);
    closer.interrupt(); // forces the rest
    CloseReport report = closer.result();
    assertThat(report.drained()).as("%s", report).isEqualTo(2);
    assertThat(report.forced()).as("%s", report).isEqualTo(1);
    assertThat(report.failedCalls()).isZero();
    assertThat(report.isClean()).isFalse();
    events.awaitClosed(CloseReason.POOL_CLOSED, 2);
    events.awaitClosed(CloseReason.FORCED, 1);
    assertThatThrownBy(() -> lease.getOutputStream().write(1)).isInstanceOf(SocketException.class);
    assertThat(pool.close(LONG)).isSameAs(report);
    events.awaitFirst(PoolEvent.PoolClosed.class);
    assertThat(events.of(PoolEvent.PoolClosed.class)).hasSize(1);
  }

  @Test
  void theReportCountsTheCallersTurnedAway() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    PooledSocket lease = pool.lease();
    List<Task<PooledSocket>> waiters =
        IntStream.range(0, 5).mapToObj(i -> bench.start(() -> pool.lease())).toList();
    awaitUntil(pool, "5 waiters", now -> now.waiting() == 5);
    Task<CloseReport> closer = bench.start(() -> pool.close(LONG));
    waiters.forEach(waiter -> assertThat(waiter.failure()).isInstanceOf(PoolClosedException.class));
    lease.close();
    assertThat(closer.result().failedCalls()).isEqualTo(5);
    assertThat(closer.result().forced()).isZero();
  }

  @Test
  void aCallUnderWayIsFinishedWithinTheTime() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo().answeringAfter(Duration.ofMillis(100)));
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    Task<byte[]> caller = bench.start(() -> pool.exchange(utf8("last wish")));
    peer.awaitFrames(1);
    assertThat(pool.close(LONG).isClean()).isTrue();
    assertThat(caller.result()).isEqualTo(utf8("last wish"));
  }

  @Test
  void aPeerThatDoesNotFinishIsForced() {
    TcpPeer peer = bench.stalledPeer();
    TcpPool pool = bench.pool(smallBuffersTo(peer.hostPort()).connections(2).drainTimeout(LONG));
    awaitIdle(pool, 2);
    long start = System.nanoTime();
    CloseReport report = pool.close(Duration.ofMillis(100));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Bench.SOON);
    assertThat(report.took()).isBetween(Duration.ofMillis(100), Bench.SOON);
    assertThat(report.forced()).isEqualTo(2);
    assertThat(report.drained()).isZero();
  }

  /** A quarter of a second is what close says that it may take beyond its patience. */
  @Tag("slow")
  @Test
  void closeEndsAQuarterOfASecondAfterItsPatienceAtTheLatest() {
    TcpPeer peer = bench.stalledPeer();
    for (int round = 0; round < 10; round++) {
      TcpPool pool = bench.pool(smallBuffersTo(peer.hostPort()).connections(2).drainTimeout(LONG));
      awaitIdle(pool, 2);
      long start = System.nanoTime();
      CloseReport report = pool.close(Duration.ofMillis(100));
      assertThat(report.forced()).isEqualTo(2);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(350));
    }
  }

  @Test
  void theDrainTimeoutEndsThePatienceWithOneConnection() {
    TcpPeer peer = bench.stalledPeer();
    TcpPool pool =
        bench.pool(
            smallBuffersTo(peer.hostPort()).connections(2).drainTimeout(Duration.ofMillis(50)));
    awaitIdle(pool, 2);
    CloseReport report = pool.close(LONG);
    assertThat(report.isClean()).isTrue();
    assertThat(report.took()).isBetween(Duration.ofMillis(50), Bench.SOON);
  }

  @Test
  void dialsUnderWayEndAtOnce() throws Exception {
    Blackhole hole = bench.serving(Blackhole.open());
    TcpPool pool = bench.pool(linesTo(hole.hostPort()).connectTimeout(LONG));
    Task<PooledSocket> waiter = bench.start(() -> pool.lease());
    awaitUntil(pool, "a dial and a waiter", now -> now.dialing() == 1 && now.waiting() == 1);
    CloseReport report = pool.close(LONG);
    assertThat(report.took()).isLessThan(Bench.SOON);
    assertThat(report.failedCalls()).isEqualTo(1);
    assertThat(waiter.failure()).isInstanceOf(PoolClosedException.class);
  }

  @Test
  void anInterruptForcesTheRestAndTheFlagStays() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    PooledSocket lease = pool.lease();
    Task<CloseReport> closer = bench.start(() -> pool.close(LONG));
    awaitUntil(pool, "closed", PoolSnapshot::closed);
    closer.interrupt();
    assertThat(closer.result().forced()).isEqualTo(1);
    assertThat(closer.keptInterruptFlag()).isTrue();
    assertThat(lease.isClosed()).isTrue();
  }

  @Test
  void aListenerMayCloseThePool() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool[] itself = new TcpPool[1];
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .listener(
                    event -> {
                      if (event instanceof PoolEvent.ConnectionClosed && itself[0] != null) {
                        itself[0].close();
                      }
                    }));
    itself[0] = pool;
    pool.lease().discard();
    awaitUntil(pool, "closed", PoolSnapshot::closed);
  }

  @Test
  void closeAtAnyMomentLeavesNothingBehind() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    for (int round = 0; round < 15; round++) {
      TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 3).listener(events));
      List<Task<Object>> callers =
          Stream.of(EntryPoint.EXCHANGE, EntryPoint.LEASE, EntryPoint.FACTORY_SOCKET)
              .map(entry -> bench.start(() -> callUntilClosed(pool, entry)))
              .toList();
      int messages = round * 5;
      awaitUntil(pool, "some traffic", now -> now.messages() >= messages);
      CloseReport report = pool.close(LONG);
      callers.forEach(Task::result);
      assertThat(report.took()).isLessThan(Bench.SOON);
      assertThat(report.forced()).isZero();
      assertThat(pool.snapshot().total()).isZero();
    }
  }

  private static Object callUntilClosed(TcpPool pool, EntryPoint entry) throws Exception {
    while (true) {
      try {
        entry.talk(pool, "message");
      } catch (PoolClosedException e) {
        return "closed";
      }
    }
  }
}
