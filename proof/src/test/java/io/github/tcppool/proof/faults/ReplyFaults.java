package io.github.tcppool.proof.faults;

import static io.github.tcppool.proof.faults.FaultCase.AMPLE;
import static io.github.tcppool.proof.faults.FaultCase.DEADLINE;
import static io.github.tcppool.proof.faults.FaultCase.poolOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CloseReason;
import io.github.tcppool.ReplyFailedException;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows 8, 10 and 13 to 15, and 9 in clear: the request has arrived, and its reply does not come, or
 * not well.
 */
abstract class ReplyFaults {

  private static final Behaviour RESETS = Behaviour.sink().afterFrames(1, Behaviour.reset());
  private static final Behaviour CLOSES = Behaviour.sink().afterFrames(1, Behaviour.close());

  @RegisterExtension final FaultCase fault;

  ReplyFaults(FaultCase fault) {
    this.fault = fault;
  }

  // ---- 8: RST, or FIN, after the request and before the reply ----

  @ParameterizedTest
  @EnumSource(names = {"EXCHANGE", "LEASE"})
  void aRequestWhoseReplyWasCutOffIsInDoubtAndNeverSentAgain(Verb verb) {
    TcpPeer peer = fault.peer(Behaviour.inTurn(RESETS, CLOSES, Behaviour.echo()));
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    for (int i = 0; i < 2; i++) {
      Call call = fault.call(verb, pool, Message.MIN_BYTES, CallOptions.within(AMPLE));
      assertThat(call.ending()).as("%s", call).isEqualTo(Ending.UNKNOWN);
      assertThat(call.took()).isLessThan(FaultCase.SOON);
      if (verb == Verb.EXCHANGE) {
        assertThat(call.failure()).isInstanceOf(ReplyFailedException.class);
      }
    }
    fault.assertWorks(verb, pool);
    assertThat(peer.framesReceived()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(names = "EXCHANGE")
  void anIdempotentRequestIsSentOnceMoreOnANewConnection(Verb verb) {
    TcpPeer peer = fault.peer(Behaviour.inTurn(RESETS, Behaviour.echo()));
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    Call call = fault.call(verb, pool, Message.MIN_BYTES, CallOptions.within(AMPLE).idempotent());
    assertThat(call.ending()).isEqualTo(Ending.CONFIRMED);
    assertThat(peer.connection(1).framesReceived()).isEqualTo(1);
    assertThat(peer.connection(2).framesReceived()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = "SEND")
  void aSentMessageIsWrittenAndUnconfirmedAndTheNextOneGoesElsewhere(Verb verb) {
    TcpPeer peer = fault.peer(Behaviour.sink());
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    assertThat(fault.call(verb, pool).ending()).isEqualTo(Ending.WRITTEN);
    peer.awaitFrames(1);
    peer.resetAll(); // has arrived when this returns; one on its way nobody could see
    fault.assertWorks(verb, pool);
    peer.awaitFrames(2);
    assertThat(peer.connection(2).framesReceived()).isEqualTo(1);
  }

  @Test
  void aPeerThatDropsEveryReplyIsNotFlooded() {
    TcpPeer peer = fault.peer(RESETS);
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    CallOptions idempotent = CallOptions.within(DEADLINE).idempotent();
    Call call = fault.call(Verb.EXCHANGE, pool, Message.MIN_BYTES, idempotent);
    assertThat(call.ending()).isEqualTo(Ending.UNKNOWN);
    assertThat(peer.accepted())
        .as("attempts in %s, the first two at once, then after 10 ms that double", DEADLINE)
        .isBetween(1, 9); // one, if a busy machine took that long
  }

  // ---- 10: the peer half-closes instead of replying ----

  @ParameterizedTest
  @EnumSource(names = {"EXCHANGE", "LEASE"})
  void aPeerThatOnlyReadsOnIsNotWaitedForAndNotUsedAgain(Verb verb) {
    TcpPeer peer =
        fault.peer(
            Behaviour.inTurn(
                Behaviour.sink().afterFrames(1, Behaviour.halfClose()), Behaviour.echo()));
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    Call call = fault.call(verb, pool, Message.MIN_BYTES, CallOptions.within(AMPLE));
    assertThat(call.ending()).isEqualTo(Ending.UNKNOWN);
    assertThat(call.took()).isLessThan(FaultCase.SOON);
    fault.assertWorks(verb, pool);
  }

  // ---- 13: slow drip ----

  @ParameterizedTest
  @EnumSource(names = {"EXCHANGE", "LEASE"})
  void aReplyThatDripsEndsWithTheDeadlineHoweverOftenAByteComes(Verb verb) throws Exception {
    TcpPeer peer = fault.peer(Behaviour.echo().sendingSlowly(1, Duration.ofMillis(40)));
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    FaultCase.open(pool, 1); // a dial might be all that there is time for
    Call call = fault.call(verb, pool);
    assertThat(call.ending()).isEqualTo(Ending.UNKNOWN);
    assertThat(call.failure()).isInstanceOf(SocketTimeoutException.class);
    assertThat(call.took()).isGreaterThanOrEqualTo(DEADLINE.minusMillis(1));
    peer.behave(Behaviour.echo());
    fault.assertWorks(verb, pool);
  }

  // ---- 14: late reply ----

  @ParameterizedTest
  @EnumSource(names = {"EXCHANGE", "LEASE"})
  void aLateReplyReachesNobody(Verb verb) throws Exception {
    TcpPeer peer = fault.peer(Behaviour.inTurn(late(), late(), late(), Behaviour.echo()));
    TcpPool pool = fault.pool(poolOf(peer.hostPort()).connections(0, 1));
    for (int i = 0; i < 3; i++) {
      FaultCase.open(pool, 1); // a dial might be all that there is time for
      CallOptions impatient = CallOptions.within(Duration.ofMillis(60));
      Call call = fault.call(verb, pool, Message.MIN_BYTES, impatient);
      assertThat(call.ending()).as("%s", call).isEqualTo(Ending.UNKNOWN);
    }
    for (int i = 0; i < 10; i++) {
      fault.assertWorks(verb, pool);
    }
    assertThat(peer.accepted()).isEqualTo(4);
  }

  private static Behaviour late() {
    return Behaviour.echo().answeringAfter(Duration.ofMillis(250));
  }

  // ---- 15: garbage, oversize, lying length ----

  @ParameterizedTest
  @ValueSource(longs = {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, Message.MAX_BYTES + 1, 0})
  void aReplyThatBreaksTheFramingFailsAtOnceAndCostsTheConnection(long length) {
    byte[] lie = ByteBuffer.allocate(12).putInt((int) length).putLong(0x123456789L).array();
    TcpPeer peer = fault.peer(Behaviour.inTurn(Behaviour.replies(frame -> lie), Behaviour.echo()));
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    Call call = fault.call(Verb.EXCHANGE, pool, Message.MIN_BYTES, CallOptions.within(AMPLE));
    assertThat(call.ending()).as("%s", call).isEqualTo(Ending.UNKNOWN);
    assertThat(call.failure())
        .isInstanceOf(ReplyFailedException.class)
        .hasCauseInstanceOf(FrameException.class);
    assertThat(call.took()).isLessThan(FaultCase.SOON);
    assertThat(pool.snapshot().closedBy()).containsOnlyKeys(CloseReason.BAD_FRAME);
    fault.assertWorks(Verb.EXCHANGE, pool);
  }

  @Test
  void garbageOnAOneWayConnectionCostsThatConnectionAndNoMessage() {
    TcpPeer peer =
        fault.peer(
            Behaviour.inTurn(
                Behaviour.sink().afterFrames(1, Behaviour.garbage(7, 1_000)), Behaviour.sink()));
    TcpPool pool = fault.pool(poolOf(peer.hostPort()).connections(0, 1));
    fault.assertWorks(Verb.SEND, pool);
    Throwable nothing = catchThrowable(() -> pool.receive(CallOptions.within(DEADLINE)));
    assertThat(nothing).isInstanceOf(SocketTimeoutException.class);
    FaultCase.awaitUntil(pool, "the loss", now -> now.total() == 0);
    assertThat(pool.snapshot().closedBy()).containsOnlyKeys(CloseReason.BAD_FRAME);
    fault.assertWorks(Verb.SEND, pool);
    peer.awaitFrames(2);
  }
}
