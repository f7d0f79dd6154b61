package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static io.github.tcppool.Bench.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Script;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is done with every new connection before its first use. */
class HookTest {

  private static final Script LOGIN =
      Script.begin().send("220 ready\n").expect("LOGIN me\n").send("230 welcome\n");

  @RegisterExtension final Bench bench = new Bench();
  private final Events events = new Events();

  private static void login(DeadlineSocket socket, Endpoint endpoint) throws IOException {
    expect(socket, "220 ready\n");
    socket.getOutputStream().write(utf8("LOGIN me\n"));
    expect(socket, "230 welcome\n");
  }

  private static void expect(DeadlineSocket socket, String line) throws IOException {
    String said = Bench.text(socket.getInputStream().readNBytes(line.length()));
    if (!said.equals(line)) {
      throw new ProtocolException("expected " + line.strip() + ", but got " + said.strip());
    }
  }

  @Test
  void everyConnectionLogsInBeforeItsFirstUse() throws Exception {
    TcpPeer peer = bench.peer(LOGIN.then(Behaviour.echo()));
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(3).onConnect(HookTest::login));
    awaitIdle(pool, 3);
    for (int i = 0; i < 10; i++) {
      assertThat(pool.exchange(utf8("request " + i))).isEqualTo(utf8("request " + i));
    }
    peer.resetAll();
    assertThat(pool.exchange(utf8("after"))).isEqualTo(utf8("after"));
    assertThat(peer.failures()).isEmpty();
  }

  @Test
  void aHookThatFailsFailsTheDialWithItsReason() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sends("530 go away\n").then(Behaviour.sink()));
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .retry(RetryPolicy.attempts(2))
                .listener(events)
                .onConnect(HookTest::login));
    assertThatThrownBy(() -> pool.send(utf8("x")))
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("expected 220 ready, but got 530 go awa")
        .hasRootCauseInstanceOf(ProtocolException.class);
    assertThat(events.of(PoolEvent.ConnectionOpened.class)).isEmpty();
    // An endpoint that fails is dialed on, so there may be more of them by now.
    assertThat(pool.snapshot().endpoints().get(0).dialFailures()).isGreaterThanOrEqualTo(2);
    peer.awaitOpen(0);
  }

  @Test
  void aHookThatThrowsWhatItShouldNotFailsTheDialAllTheSame() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    for (Throwable thrown : new Throwable[] {new IllegalStateException("bug"), new Error("bug")}) {
      TcpPool pool =
          bench.pool(
              linesTo(peer.hostPort())
                  .retry(RetryPolicy.attempts(1))
                  .onConnect((socket, endpoint) -> sneak(thrown)));
      assertThatThrownBy(() -> pool.send(utf8("x")))
          .isInstanceOf(ConnectFailedException.class)
          .hasMessageContaining("bug");
    }
    peer.awaitOpen(0);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void aHookThatHangsIsBoundedByTheConnectTimeout() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.silent());
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connectTimeout(Duration.ofMillis(100))
                .retry(RetryPolicy.attempts(1))
                .onConnect(HookTest::login));
    long start = System.nanoTime();
    assertThatThrownBy(() -> pool.send(utf8("x")))
        .isInstanceOf(ConnectFailedException.class)
        .hasCauseInstanceOf(SocketTimeoutException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(95), Bench.SOON);
  }

  @Test
  void aHookThatHangsIsBoundedByTheDeadlineOfTheCall() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.silent());
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connectTimeout(Duration.ofSeconds(5))
                .onConnect(HookTest::login));
    long start = System.nanoTime();
    assertThatThrownBy(() -> pool.send(utf8("x"), within(100)))
        .isInstanceOf(CallTimeoutException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Bench.SOON);
  }

  @Test
  void aHookThatClosesTheSocketFailsTheDial() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .retry(RetryPolicy.attempts(1))
                .onConnect((socket, endpoint) -> socket.close()));
    assertThatThrownBy(() -> pool.send(utf8("x")))
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("connect hook closed the socket");
  }

  @Test
  void whatTheHookLeavesUnreadBelongsToTheFirstCaller() throws Exception {
    TcpPeer peer = bench.peer(LOGIN.send("motd\n").then(Behaviour.echo()));
    TcpPool pool =
        bench.pool(linesTo(peer.hostPort()).connections(0, 1).onConnect(HookTest::login));
    try (PooledSocket socket = pool.lease()) {
      assertThat(socket.getInputStream().readNBytes(5)).isEqualTo(utf8("motd\n"));
    }
    assertThat(pool.exchange(utf8("x"))).isEqualTo(utf8("x"));
    assertThat(peer.accepted()).isEqualTo(1);
  }

  @Test
  void timesThatTheHookSetAreNotTheFirstCallers() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo().answeringAfter(Duration.ofMillis(50)));
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .onConnect(
                    (socket, endpoint) -> {
                      socket.setSoTimeout(1);
                      socket.setDeadline(Duration.ofMillis(1));
                    }));
    assertThat(pool.exchange(utf8("patience"))).isEqualTo(utf8("patience"));
  }

  // ---- eager ----

  @Test
  void anEagerPoolHasItsConnectionsWhenItIsBuilt() throws Exception {
    TcpPeer peer = bench.peer(LOGIN.then(Behaviour.echo()));
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort()).connections(3, 5).connectEagerly().onConnect(HookTest::login));
    assertThat(pool.snapshot().opened()).isEqualTo(3);
  }

  @Test
  void anEagerPoolFailsWhereTheServerIsDownAndLeavesNothingBehind() {
    String down = "127.0.0.1:" + io.github.tcppool.testkit.Ports.unused();
    assertThatThrownBy(
            () ->
                linesTo(down)
                    .name("eager-1")
                    .retry(RetryPolicy.attempts(2))
                    .connectEagerly()
                    .build())
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(ConnectFailedException.class)
        .hasStackTraceContaining("Connection refused");
    org.awaitility.Awaitility.await().until(() -> Bench.threadsNamed("eager-1").isEmpty());
  }

  @Test
  void anEagerPoolGivesUpAtTheCallTimeout() {
    String down = "127.0.0.1:" + io.github.tcppool.testkit.Ports.unused();
    long start = System.nanoTime();
    assertThatThrownBy(
            () -> linesTo(down).callTimeout(Duration.ofMillis(100)).connectEagerly().build())
        .isInstanceOf(UncheckedIOException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Bench.SOON);
  }

  @Test
  void aHookThatKeepsItsSocketCannotUseItAfterwards() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    AtomicReference<DeadlineSocket> kept = new AtomicReference<>();
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(1)
                .onConnect((socket, endpoint) -> kept.set(socket)));
    assertThat(pool.exchange(utf8("x"))).isEqualTo(utf8("x"));
    assertThat(kept.get().isClosed()).isTrue();
    assertThatThrownBy(() -> kept.get().getOutputStream().write(utf8("stolen\n")))
        .isInstanceOf(SocketException.class);
    kept.get().close();
    assertThat(pool.exchange(utf8("y"))).isEqualTo(utf8("y"));
    assertThat(peer.accepted()).isEqualTo(1);
  }

  @Test
  void aHookMayLetAReadTimeOutAndGoOn() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(1)
                .onConnect(
                    (socket, endpoint) -> {
                      socket.setReadDeadline(Duration.ofMillis(1));
                      assertThatThrownBy(() -> socket.getInputStream().read())
                          .isInstanceOf(SocketTimeoutException.class); // no greeting: fine
                    }));
    assertThat(pool.exchange(utf8("x"))).isEqualTo(utf8("x"));
    assertThat(peer.accepted()).isEqualTo(1);
  }

  @Test
  void aHookThatShutsOneSideFailsItsDial() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .retry(RetryPolicy.attempts(1))
                .onConnect((socket, endpoint) -> socket.shutdownOutput()));
    assertThatThrownBy(() -> pool.send(utf8("x")))
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("connect hook closed the socket");
  }

  @Test
  void aHookThatReturnsTooLateFailsItsDial() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connectTimeout(Duration.ofMillis(20))
                .retry(RetryPolicy.attempts(1))
                .onConnect((socket, endpoint) -> beSlow(Duration.ofMillis(60))));
    assertThatThrownBy(() -> pool.send(utf8("x")))
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("connect hook took longer than the connect timeout");
    peer.awaitOpen(0);
  }

  /** The time that a login takes which does not go over this socket. */
  private static void beSlow(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (end - System.nanoTime() > 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }
}
