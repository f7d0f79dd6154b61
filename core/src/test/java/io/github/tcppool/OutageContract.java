package io.github.tcppool;

import static io.github.tcppool.Bench.awaitUntil;
import static io.github.tcppool.Bench.linesTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Blackhole;
import io.github.tcppool.testkit.Ports;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a caller may rely on while servers fail, whichever way it gets to a connection. */
abstract class OutageContract {

  private static final Duration DEADLINE = Duration.ofMillis(200);
  private static final String LARGE = "x".repeat(500_000);

  @RegisterExtension final Bench bench;
  final EntryPoint entry;

  OutageContract(EntryPoint entry, Bench.Flavour flavour) {
    this.entry = entry;
    bench = new Bench(flavour);
  }

  // ---- the deadline is kept ----

  @Test
  void theDeadlineIsKeptWhenThePeerNeverReads() throws Exception {
    TcpPool pool = bench.pool(bench.soonFullTo(bench.stalledPeer().hostPort()).connections(1, 2));
    assertDeadlineKept(pool, LARGE);
  }

  @Test
  void theDeadlineIsKeptWhenTheServerIsDown() throws Exception {
    TcpPool pool = bench.pool(linesTo("127.0.0.1:" + Ports.unused()));
    IOException failure = assertDeadlineKept(pool, "hello");
    assertThat(failure).hasMessageContaining("Connection refused").hasMessageContaining("waiting");
    assertThat(failure).hasRootCauseInstanceOf(ConnectException.class);
  }

  @Test
  void theDeadlineIsKeptWhenConnectsGoUnanswered() throws Exception {
    Blackhole hole = bench.serving(Blackhole.open());
    assertDeadlineKept(bench.pool(linesTo(hole.hostPort())), "hello");
  }

  @Test
  void theDeadlineIsKeptWhenAllConnectionsAreInUse() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    try (PooledSocket lease = pool.lease()) {
      assertThat(lease.isConnected()).isTrue();
      IOException failure = assertDeadlineKept(pool, "me too");
      assertThat(failure).hasMessageContaining("leased 1").hasMessageContaining("waiting 0");
    }
    entry.talk(pool, "at last");
  }

  /** With room for a machine that stands still; {@link DeadlineTest} has the figure promised. */
  final IOException assertDeadlineKept(TcpPool pool, String line) throws Exception {
    long start = System.nanoTime();
    Task<Void> caller = bench.start(() -> talk(pool, line, DEADLINE));
    Throwable failure = caller.failure();
    assertThat(failure).isInstanceOf(SocketTimeoutException.class);
    assertThat(caller.tookSince(start)).isBetween(DEADLINE.minusMillis(1), Bench.SOON);
    return (IOException) failure;
  }

  // ---- an interrupt cancels one call ----

  @Test
  void anInterruptFreesTheCallerThatWaitsForAConnection() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    Task<Void> caller;
    try (PooledSocket lease = pool.lease()) {
      assertThat(lease.isConnected()).isTrue();
      caller = bench.start(() -> talk(pool, "waits", Duration.ofSeconds(20)));
      awaitUntil(pool, "a caller that waits", now -> now.waiting() == 1);
      assertFreedByInterrupt(caller);
      assertThat(pool.snapshot().waiting()).isZero();
    }
    entry.talk(pool, "healthy");
    PoolContract.assertReceived(peer, List.of("healthy"));
    assertThat(peer.accepted()).isEqualTo(1);
  }

  @Test
  void anInterruptFreesTheCallerThatWaitsForADial() throws Exception {
    Blackhole hole = bench.serving(Blackhole.open());
    TcpPool pool = bench.pool(linesTo(hole.hostPort()));
    Task<Void> caller = bench.start(() -> talk(pool, "waits", Duration.ofSeconds(20)));
    awaitUntil(pool, "a caller that waits", now -> now.waiting() == 1);
    assertFreedByInterrupt(caller);
    assertThat(pool.snapshot().endpoints().get(0).up()).isTrue();
  }

  @Test
  void anInterruptFreesTheCallerThatCannotWrite() throws Exception {
    TcpPeer peer = bench.stalledPeer();
    TcpPool pool = bench.pool(bench.soonFullTo(peer.hostPort()).connections(0, 1));
    Task<Void> caller = bench.start(() -> talk(pool, LARGE, Duration.ofSeconds(20)));
    awaitUntil(pool, "bytes", now -> now.endpoints().get(0).bytesWritten() > 0);
    assertFreedByInterrupt(caller);
    peer.behave(Behaviour.echo());
    entry.talk(pool, "healthy");
    assertThat(pool.snapshot().closedBy()).as("a torn message costs its connection").hasSize(1);
  }

  static void assertFreedByInterrupt(Task<?> caller) {
    long start = System.nanoTime();
    caller.interrupt();
    assertThat(caller.failure())
        .isInstanceOf(InterruptedIOException.class)
        .isNotInstanceOf(SocketTimeoutException.class);
    assertThat(caller.keptInterruptFlag()).isTrue();
    assertThat(caller.tookSince(start)).isLessThan(Bench.SOON);
  }

  // ---- closing ----

  @Test
  void closingThePoolFreesTheCallerThatCannotWrite() throws Exception {
    TcpPool pool = bench.pool(bench.soonFullTo(bench.stalledPeer().hostPort()).connections(0, 1));
    Task<Void> caller = bench.start(() -> talk(pool, LARGE, Duration.ofSeconds(20)));
    awaitUntil(pool, "bytes", now -> now.endpoints().get(0).bytesWritten() > 0);
    long start = System.nanoTime();
    CloseReport report = pool.close(Duration.ofMillis(50));
    assertThat(caller.failure()).isInstanceOf(IOException.class);
    assertThat(caller.tookSince(start)).isLessThan(Bench.SOON);
    assertThat(report.forced()).isEqualTo(1);
  }

  // ---- no connection is lost ----

  @Test
  void noConnectionIsLostInAStormOfFailures() throws Exception {
    TcpPeer peer =
        bench.peer(
            Behaviour.byNumber(
                number ->
                    switch (number % 4) {
                      case 0 -> Behaviour.reset();
                      case 1 -> Behaviour.close();
                      case 2 -> Behaviour.echo().afterFrames(2, Behaviour.reset());
                      default -> Behaviour.echo().afterFrames(5, Behaviour.close());
                    }));
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 3));
    List<Task<Void>> callers =
        java.util.stream.IntStream.range(0, 4)
            .mapToObj(i -> bench.start(() -> storm(pool)))
            .toList();
    callers.forEach(Task::result);
    peer.behave(Behaviour.echo());
    // A connection of the storm may be past the point at which its script can be changed.
    awaitUntil(pool, "no dial under way", now -> now.dialing() == 0);
    long opened = pool.snapshot().opened(); // what is dialed from now on meets an echo
    pool.evict();
    awaitUntil(pool, "nothing left of the storm", now -> now.endpoints().get(0).closed() >= opened);
    for (String line : PoolContract.lines("after the storm", 10)) {
      entry.talk(pool, line);
    }
  }

  private Void storm(TcpPool pool) {
    for (int i = 0; i < 25; i++) {
      try {
        entry.talk(pool, "message", Duration.ofMillis(100));
      } catch (IOException e) {
        assertThat(e)
            .as("a storm is no reason for %s", e)
            .isNotInstanceOf(PoolClosedException.class);
      }
    }
    return null;
  }

  final Void talk(TcpPool pool, String line, Duration within) throws IOException {
    entry.talk(pool, line, within);
    return null;
  }
}
