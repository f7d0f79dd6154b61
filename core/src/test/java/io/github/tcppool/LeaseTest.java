package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.awaitUntil;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static io.github.tcppool.Bench.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A lease is a socket of one's own, and leaves a clean connection or none. */
class LeaseTest {

  @RegisterExtension final Bench bench = new Bench();
  private final Events events = new Events();

  private TcpPool poolOfOne(TcpPeer peer) {
    return bench.pool(linesTo(peer.hostPort()).connections(0, 1).listener(events));
  }

  @Test
  void aCleanLeaseIsLentAgain() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = poolOfOne(peer);
    for (int i = 0; i < 100; i++) {
      try (PooledSocket socket = pool.lease()) {
        socket.getOutputStream().write(utf8("x\n"));
        assertThat(socket.getInputStream().readNBytes(2)).isEqualTo(utf8("x\n"));
      }
    }
    assertThat(peer.accepted()).isEqualTo(1);
    assertThat(pool.snapshot().messages()).isEqualTo(100);
  }

  @Test
  void tryLeaseNeitherWaitsNorDials() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = poolOfOne(peer);
    assertThat(pool.tryLease()).isEmpty();
    assertThat(pool.snapshot().total()).isZero();
    pool.lease().close();
    PooledSocket socket = pool.tryLease().orElseThrow();
    assertThat(pool.tryLease()).isEmpty();
    socket.close();
    assertThat(pool.snapshot().waiting()).isZero();
  }

  @Test
  void tryLeasePassesOverDeadConnections() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(3));
    awaitIdle(pool, 3);
    peer.awaitAccepted(3);
    peer.connection(1).close();
    peer.connection(2).reset();
    try (PooledSocket socket = pool.tryLease().orElseThrow()) {
      socket.getOutputStream().write(utf8("alive\n"));
      assertThat(socket.getInputStream().readNBytes(6)).isEqualTo(utf8("alive\n"));
    }
  }

  @Test
  void aDiscardedLeaseIsReplaced() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = poolOfOne(peer);
    PooledSocket socket = pool.lease();
    socket.discard();
    socket.close();
    events.awaitClosed(CloseReason.DISCARDED, 1);
    pool.exchange(utf8("next"));
    assertThat(peer.accepted()).isEqualTo(2);
  }

  @Test
  void whatTheBorrowerSetIsPutBack() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = poolOfOne(peer);
    try (PooledSocket socket = pool.lease()) {
      socket.setSoTimeout(1);
      socket.setTcpNoDelay(false);
      socket.setDeadline(Duration.ZERO);
    }
    try (PooledSocket socket = pool.lease()) {
      assertThat(socket.getSoTimeout()).isZero();
      assertThat(socket.getTcpNoDelay()).isTrue();
      socket.getOutputStream().write(utf8("x\n"));
      assertThat(socket.getInputStream().readNBytes(2)).isEqualTo(utf8("x\n"));
    }
    assertThat(peer.accepted()).isEqualTo(1);
  }

  @Test
  void aReadThatTimedOutCostsTheConnection() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.silent());
    TcpPool pool = poolOfOne(peer);
    try (PooledSocket socket = pool.lease()) {
      socket.setSoTimeout(20);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
    }
    events.awaitClosed(CloseReason.TIMED_OUT, 1);
  }

  @Test
  void aHalfClosedLeaseIsNotLentAgainAndLosesNothing() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = poolOfOne(peer);
    try (PooledSocket socket = pool.lease()) {
      socket.getOutputStream().write(utf8("all of it\n"));
      socket.shutdownOutput();
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo(utf8("all of it\n"));
    }
    events.awaitClosed(CloseReason.HALF_CLOSED, 1);
    assertThat(peer.connection(1).sawReset()).isFalse();
  }

  @Test
  void closingWakesAReaderInAnotherThread() throws Exception {
    TcpPool pool = poolOfOne(bench.peer(Behaviour.silent()));
    PooledSocket socket = pool.lease();
    assertReaderIsWokenBy(socket, socket::close);
  }

  @Test
  void closingAHalfClosedLeaseWakesAReaderInAnotherThread() throws Exception {
    TcpPeer peer = bench.peer(connection -> connection.delay(Duration.ofSeconds(20)));
    TcpPool pool = poolOfOne(peer);
    PooledSocket socket = pool.lease();
    socket.shutdownOutput();
    assertReaderIsWokenBy(socket, socket::close);
    peer.resetAll();
  }

  @Test
  void discardingWakesAReaderInAnotherThread() throws Exception {
    TcpPool pool = poolOfOne(bench.peer(Behaviour.silent()));
    PooledSocket socket = pool.lease();
    assertReaderIsWokenBy(socket, socket::discard);
  }

  private interface End {
    void end() throws Exception;
  }

  private void assertReaderIsWokenBy(PooledSocket socket, End end) throws Exception {
    InputStream in = socket.getInputStream();
    Task<Integer> reader = bench.start(() -> in.read());
    org.awaitility.Awaitility.await().until(() -> isInSelector(reader.thread()));
    long start = System.nanoTime();
    end.end();
    assertThat(reader.failure()).isInstanceOf(SocketException.class);
    assertThat(reader.tookSince(start)).isLessThan(Bench.SOON);
  }

  private static boolean isInSelector(Thread thread) {
    return java.util.Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("select"));
  }

  @Test
  void anInterruptLeavesTheLeaseUsable() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.silent());
    TcpPool pool = poolOfOne(peer);
    try (PooledSocket socket = pool.lease()) {
      Task<Integer> reader = bench.start(() -> socket.getInputStream().read());
      reader.interrupt();
      assertThat(reader.failure()).isInstanceOf(java.io.InterruptedIOException.class);
      peer.awaitAccepted(1).send("!");
      assertThat(socket.getInputStream().read()).isEqualTo('!');
    }
    events.awaitClosed(CloseReason.INTERRUPTED, 1);
  }

  @Test
  void waitersAreServedInTheOrderInWhichTheyCame() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = poolOfOne(peer);
    PooledSocket lease = pool.lease();
    for (int i = 0; i < 10; i++) {
      String line = "waiter " + i;
      Task<Object> waiter =
          bench.start(
              () -> {
                pool.send(utf8(line));
                return line;
              });
      int expected = i + 1;
      awaitUntil(pool, "a line of " + expected, now -> now.waiting() == expected);
      assertThat(waiter.isDone()).isFalse();
    }
    lease.close();
    peer.awaitFrames(10);
    assertThat(peer.texts())
        .containsExactlyElementsOf(
            PoolContract.lines("waiter", 10).stream().map(line -> line + "\n").toList());
  }

  @Test
  void tooManyWaitersAreTurnedAway() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1).maxPending(1));
    PooledSocket lease = pool.lease();
    Task<byte[]> waiter = bench.start(() -> pool.exchange(utf8("waits")));
    awaitUntil(pool, "a waiter", now -> now.waiting() == 1);
    assertThatThrownBy(() -> pool.exchange(utf8("one too many"), within(10_000)))
        .isInstanceOf(PoolExhaustedException.class)
        .hasMessageContaining("1 callers wait");
    lease.close();
    assertThat(waiter.result()).isEqualTo(utf8("waits"));
  }

  @Test
  void aPoolInWhichNobodyMayWaitMakesItsConnectionsAllTheSame() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1).maxPending(0));
    Throwable early = catchThrowable(() -> pool.exchange(utf8("early, unless the dial is quick")));
    assertThat(early == null || early instanceof PoolExhaustedException).isTrue();
    awaitIdle(pool, 1);
    assertThat(pool.exchange(utf8("now"))).isEqualTo(utf8("now"));
  }
}
