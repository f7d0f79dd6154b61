package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.awaitUntil;
import static io.github.tcppool.Bench.linesTo;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds whichever way a caller gets to a connection. */
abstract class PoolContract {

  @RegisterExtension final Bench bench;
  final EntryPoint entry;

  PoolContract(EntryPoint entry, Bench.Flavour flavour) {
    this.entry = entry;
    bench = new Bench(flavour);
  }

  @Test
  void everyMessageArrivesOnceAndWhole() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(3));
    List<String> lines = lines("message", 50);
    for (String line : lines) {
      entry.talk(pool, line);
    }
    assertReceived(peer, lines);
  }

  @Test
  void messagesOfConcurrentCallersNeverInterleave() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(1, 3));
    List<String> all = new ArrayList<>();
    List<Task<Void>> callers = new ArrayList<>();
    for (int caller = 0; caller < 8; caller++) {
      List<String> lines = lines(String.valueOf((char) ('a' + caller)).repeat(20_000), 20);
      all.addAll(lines);
      callers.add(bench.start(() -> talkAll(pool, lines)));
    }
    callers.forEach(Task::result);
    assertReceived(peer, all);
  }

  @Test
  void oneConnectionServesManyCallersInTurn() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    List<String> all = new ArrayList<>();
    List<Task<Void>> callers = new ArrayList<>();
    for (int caller = 0; caller < 8; caller++) {
      List<String> lines = lines("caller " + caller + " message", 25);
      all.addAll(lines);
      callers.add(bench.start(() -> talkAll(pool, lines)));
    }
    callers.forEach(Task::result);
    assertReceived(peer, all);
    assertThat(peer.accepted()).isEqualTo(1);
  }

  @ParameterizedTest(name = "closed by {0}")
  @ValueSource(strings = {"FIN", "RST"})
  void allCallsSucceedAfterTheServerRestartedUnderManyIdleConnections(String how) throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(bench.many()));
    awaitIdle(pool, bench.many());
    peer.awaitAccepted(bench.many());
    if (how.equals("FIN")) {
      peer.closeAll();
    }
    peer.restart();
    List<String> lines = lines("after restart", bench.many());
    for (String line : lines) {
      entry.talk(pool, line);
    }
    assertReceived(peer, lines);
    assertThat(pool.snapshot().resent()).isZero();
  }

  @Test
  void aCallMadeWhileTheServerIsDownIsServedWhenItIsBack() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 2));
    entry.talk(pool, "before");
    peer.awaitFrames(1);
    peer.kill();
    Task<Void> caller = bench.start(() -> talkAll(pool, List.of("during")));
    awaitUntil(pool, "a dial that failed", now -> now.endpoints().get(0).dialFailures() > 1);
    peer.restart();
    caller.result();
    assertReceived(peer, List.of("before", "during"));
  }

  @Test
  void aPoolOpenedBeforeItsServerServesWhenItComes() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    peer.kill();
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(2));
    Task<Void> caller = bench.start(() -> talkAll(pool, List.of("hello")));
    awaitUntil(pool, "a caller that waits", now -> now.waiting() == 1);
    peer.restart();
    caller.result();
    assertReceived(peer, List.of("hello"));
  }

  @Test
  void aClosedPoolRefusesEveryCall() {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    pool.close();
    assertThatThrownBy(() -> entry.talk(pool, "too late"))
        .isInstanceOf(PoolClosedException.class)
        .hasMessageContaining(pool.snapshot().name() + " is closed");
    assertThat(peer.framesReceived()).isZero();
  }

  @Test
  void closingThePoolTurnsAwayTheCallerThatWaits() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    PooledSocket lease = pool.lease();
    Task<Void> caller = bench.start(() -> talkAll(pool, List.of("waits")));
    awaitUntil(pool, "a caller that waits", now -> now.waiting() == 1);
    Task<Object> closer = bench.start(() -> pool.close(java.time.Duration.ofSeconds(5)));
    assertThat(caller.failure()).isInstanceOf(PoolClosedException.class);
    assertThat(closer.isDone()).isFalse();
    lease.close();
    assertThat(closer.result()).isInstanceOf(CloseReport.class);
  }

  Void talkAll(TcpPool pool, List<String> lines) throws Exception {
    for (String line : lines) {
      entry.talk(pool, line);
    }
    return null;
  }

  static List<String> lines(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(number -> prefix + " " + number).toList();
  }

  static void assertReceived(TcpPeer peer, List<String> lines) {
    peer.awaitFrames(lines.size());
    assertThat(peer.texts().stream().sorted().toList())
        .containsExactlyElementsOf(
            lines.stream().map(line -> line + "\n").collect(toCollection(TreeSet::new)));
    assertThat(peer.failures()).isEmpty();
  }
}
