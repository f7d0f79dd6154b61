package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.smallBuffersTo;
import static io.github.tcppool.Bench.utf8;
import static io.github.tcppool.Bench.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.FaultProxy;
import io.github.tcppool.testkit.Ports;
import io.github.tcppool.testkit.TcpPeer;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every failure tells how far the message got, to the byte. */
class OutcomesTest {

  private static final int LARGE = 500_000;

  @RegisterExtension final Bench bench = new Bench();

  // ---- nothing sent ----

  @Test
  void aMessageForAServerThatIsDownIsNotSent() {
    String down = "127.0.0.1:" + Ports.unused();
    TcpPool pool = bench.pool(linesTo(down).retry(RetryPolicy.attempts(2)));
    CallFailure failure = failureOf(() -> pool.send(utf8("hello")));
    assertThat(failure).isInstanceOf(ConnectFailedException.class);
    assertDetails(failure, Outcome.NOT_SENT, 0, 2);
    assertThat(failure.endpoint()).contains(Endpoint.parse(down));
    assertThat((Exception) failure)
        .hasMessageContaining(pool.snapshot().name())
        .hasMessageContaining(down)
        .hasMessageContaining("after 2 attempts")
        .cause()
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Connection refused");
  }

  @Test
  void aMessageThatFindsNoFreeConnectionInTimeIsNotSent() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    PooledSocket lease = pool.lease();
    CallFailure failure = failureOf(() -> pool.send(utf8("hello"), within(20)));
    lease.close();
    assertThat(failure).isInstanceOf(CallTimeoutException.class);
    assertDetails(failure, Outcome.NOT_SENT, 0, 0);
    assertThat((Exception) failure)
        .hasMessageContaining("idle 0, leased 1, dialing 0, waiting 0")
        .hasNoCause();
    assertThat(pool.snapshot().timeouts()).isEqualTo(1);
    assertThat(peer.bytesReceived()).isZero();
  }

  @Test
  void aCallWithoutAnyTimeWorksWhereNothingHasToBeWaitedFor() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(1));
    awaitIdle(pool, 1);
    pool.send(utf8("now"), CallOptions.within(Duration.ZERO));
    peer.awaitFrames(1);
    CallFailure failure =
        failureOf(() -> pool.exchange(utf8("never"), CallOptions.within(Duration.ZERO)));
    assertDetails(failure, Outcome.UNKNOWN, 6, 1);
  }

  // ---- sent in part ----

  @Test
  void aMessageStuckInTheMiddleWasSentInPart() throws Exception {
    TcpPool pool = bench.pool(smallBuffersTo(bench.stalledPeer().hostPort()).connections(1));
    awaitIdle(pool, 1); // else the time might be up before there is a connection
    CallFailure failure = failureOf(() -> pool.send(new byte[LARGE], within(100)));
    assertThat(failure).isInstanceOf(CallTimeoutException.class);
    assertPartial(pool, failure, 1);
  }

  @Test
  void theWriteTimeoutEndsAStuckWriteBeforeTheDeadline() throws Exception {
    TcpPool pool =
        bench.pool(
            smallBuffersTo(bench.stalledPeer().hostPort())
                .connections(1)
                .writeTimeout(Duration.ofMillis(50)));
    long start = System.nanoTime();
    CallFailure failure = failureOf(() -> pool.send(new byte[LARGE]));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Bench.SOON);
    assertThat(failure).isInstanceOf(CallTimeoutException.class);
    assertPartial(pool, failure, 1);
  }

  @Test
  void aMessageCutByAResetWasSentInPart() throws Exception {
    TcpPeer peer =
        bench.serving(
            TcpPeer.builder()
                .behaviour(Behaviour.sink().afterBytes(10_000, Behaviour.reset()))
                .receiveBuffer(4_096)
                .start());
    TcpPool pool = bench.pool(smallBuffersTo(peer.hostPort()).connections(0, 1));
    CallFailure failure = failureOf(() -> pool.send(new byte[LARGE]));
    assertThat(failure).isInstanceOf(SendFailedException.class);
    assertPartial(pool, failure, 1);
    assertThat(failure.bytesWritten()).isGreaterThanOrEqualTo(10_000);
    assertThat(peer.framesReceived()).isZero();
    assertAccepted(peer, 1);
  }

  @Test
  void aLeasedSocketTellsHowManyBytesOfAStuckWriteWentOut() throws Exception {
    TcpPeer peer = bench.stalledPeer();
    TcpPool pool = bench.pool(smallBuffersTo(peer.hostPort()).connections(0, 1));
    try (PooledSocket socket = pool.lease()) {
      socket.setWriteDeadline(Duration.ofMillis(50));
      Throwable failure = catchThrowable(() -> socket.getOutputStream().write(new byte[LARGE]));
      assertThat(failure).isInstanceOf(SocketTimeoutException.class);
      int bytes = ((SocketTimeoutException) failure).bytesTransferred;
      assertThat(bytes).isBetween(1, LARGE - 1);
      peer.awaitAccepted(1).resume();
      peer.awaitBytes(bytes);
      socket.shutdownOutput();
      peer.connection(1).awaitEnd();
      assertThat(peer.bytesReceived()).isEqualTo(bytes);
    }
  }

  private static void assertPartial(TcpPool pool, CallFailure failure, int attempts) {
    Bench.awaitUntil(pool, "a closed connection", now -> now.endpoints().get(0).closed() >= 1);
    EndpointSnapshot now = pool.snapshot().endpoints().get(0);
    assertThat(failure.bytesWritten()).isBetween(1L, LARGE - 1L);
    assertDetails(failure, Outcome.PARTIAL, now.bytesWritten(), attempts);
    assertThat(pool.snapshot().closedBy()).containsEntry(CloseReason.TORN_MESSAGE, 1L);
  }

  @Test
  void thePeerOfATornMessageSeesAnErrorAndNotAnEnd() throws Exception {
    TcpPeer peer = bench.stalledPeer();
    TcpPool pool = bench.pool(smallBuffersTo(peer.hostPort()).connections(1));
    awaitIdle(pool, 1);
    peer.awaitAccepted(1);
    CallFailure failure = failureOf(() -> pool.send(new byte[LARGE], within(50)));
    assertThat(failure.outcome()).isEqualTo(Outcome.PARTIAL);
    peer.connection(1).resume();
    peer.connection(1).awaitReset();
    assertThat(peer.connection(1).sawEnd()).isFalse();
  }

  // ---- sent, and no reply ----

  @Test
  void aRequestThatGotNoReplyInTimeMayHaveArrived() {
    TcpPool pool = bench.pool(linesTo(bench.peer(Behaviour.silent()).hostPort()).connections(1));
    awaitIdle(pool, 1);
    CallFailure failure = failureOf(() -> pool.exchange(utf8("12345"), within(50)));
    assertThat(failure).isInstanceOf(CallTimeoutException.class);
    assertDetails(failure, Outcome.UNKNOWN, 6, 1);
  }

  @Test
  void aRequestAnsweredByAFinMayHaveArrived() {
    TcpPeer peer = bench.peer(Behaviour.sink().afterFrames(1, Behaviour.close()));
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    CallFailure failure = failureOf(() -> pool.exchange(utf8("12345")));
    assertThat(failure).isInstanceOf(ReplyFailedException.class);
    assertDetails(failure, Outcome.UNKNOWN, 6, 1);
    assertThat((Exception) failure).hasCauseInstanceOf(EOFException.class);
    assertThat(peer.framesReceived()).isEqualTo(1);
  }

  @Test
  void aRequestAnsweredByAResetMayHaveArrived() {
    TcpPeer peer = bench.peer(Behaviour.sink().afterFrames(1, Behaviour.reset()));
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    CallFailure failure = failureOf(() -> pool.exchange(utf8("12345")));
    assertThat(failure).isInstanceOf(ReplyFailedException.class);
    assertDetails(failure, Outcome.UNKNOWN, 6, 1);
    assertThat((Exception) failure).hasCauseInstanceOf(SocketException.class);
  }

  @Test
  void aReplyThatIsCutIsNeverHandedOver() {
    FaultProxy proxy = bench.proxyTo(bench.peer(Behaviour.echo()));
    proxy.downstream().cutAfter(3);
    TcpPool pool = bench.pool(linesTo(proxy.hostPort()));
    CallFailure failure = failureOf(() -> pool.exchange(utf8("12345")));
    assertThat(failure).isInstanceOf(ReplyFailedException.class);
    assertDetails(failure, Outcome.UNKNOWN, 6, 1);
    assertThat(pool.snapshot().closedBy()).containsOnlyKeys(CloseReason.BAD_FRAME);
  }

  @Test
  void aReplyOverTheMaximumFailsTheCallAndCostsTheConnection() {
    TcpPeer peer = bench.peer(Behaviour.replies(request -> new byte[1_000]));
    TcpPool pool =
        bench.pool(
            TcpPool.builder(peer.hostPort()).framing(Framing.lines().withMaxMessageBytes(100)));
    CallFailure failure = failureOf(() -> pool.exchange(utf8("12345")));
    assertThat(failure).isInstanceOf(ReplyFailedException.class);
    assertThat((Exception) failure).hasMessageContaining("100");
    assertThat(pool.snapshot().closedBy()).containsOnlyKeys(CloseReason.BAD_FRAME);
  }

  @Test
  void aLateReplyNeverReachesTheNextCaller() throws IOException {
    TcpPeer peer = bench.peer(Behaviour.echo().answeringAfter(Duration.ofMillis(200)));
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(1));
    for (int i = 0; i < 3; i++) {
      String late = "late " + i;
      awaitIdle(pool, 1);
      assertDetails(failureOf(() -> pool.exchange(utf8(late), within(50))), Outcome.UNKNOWN, 7, 1);
      assertThat(pool.exchange(utf8("next " + i))).isEqualTo(utf8("next " + i));
    }
  }

  static CallFailure failureOf(ThrowingCallable call) {
    Throwable failure = catchThrowable(call);
    assertThat(failure).isInstanceOf(IOException.class).isInstanceOf(CallFailure.class);
    return (CallFailure) failure;
  }

  static void assertDetails(CallFailure failure, Outcome outcome, long bytes, int attempts) {
    assertThat(failure.details().outcome()).as("%s", failure).isEqualTo(outcome);
    assertThat(failure.bytesWritten()).as("%s", failure).isEqualTo(bytes);
    assertThat(failure.attempts()).as("%s", failure).isEqualTo(attempts);
  }

  /** Exactly so many: a client may be done with a connection before its peer has counted it. */
  static void assertAccepted(TcpPeer peer, int connections) {
    peer.awaitAccepted(connections);
    assertThat(peer.accepted()).isEqualTo(connections);
  }
}
