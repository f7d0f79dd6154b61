package io.github.tcppool.proof.faults;

import static io.github.tcppool.proof.faults.FaultCase.AMPLE;
import static io.github.tcppool.proof.faults.FaultCase.DEADLINE;
import static io.github.tcppool.proof.faults.FaultCase.LARGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CloseReason;
import io.github.tcppool.SendFailedException;
import io.github.tcppool.TcpPool;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.balance.Candidates;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.FaultProxy;
import io.github.tcppool.testkit.TcpPeer;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows 7, 12 and 32: what happens in the middle of a write. */
abstract class WriteFaults {

  /** Reads a message to its end before it answers, as the client does not read while it writes. */
  private static final Behaviour ANSWERS = Behaviour.replies(frame -> frame);

  private static final Behaviour TEARS = Behaviour.sink().afterBytes(20_000, Behaviour.reset());

  @RegisterExtension final FaultCase fault;

  WriteFaults(FaultCase fault) {
    this.fault = fault;
  }

  // ---- 7: RST in the middle of a message ----

  @ParameterizedTest
  @EnumSource(names = {"SEND", "EXCHANGE"})
  void aTornMessageGoesOutWholeOnAnotherConnectionIfThePeerCanTell(Verb verb) {
    TcpPeer peer = fault.narrowPeer(Behaviour.inTurn(TEARS, ANSWERS));
    TcpPool pool = fault.pool(fault.narrowPoolOf(peer.hostPort()).writeTimeout(AMPLE));
    Call call = fault.call(verb, pool, LARGE, CallOptions.within(AMPLE));
    assertThat(call.succeeded()).as("%s", call).isTrue();
    peer.awaitFrames(1);
    assertThat(peer.connection(1).framesReceived()).as("whole messages where it tore").isZero();
    assertThat(pool.snapshot().resent()).isEqualTo(1);
    assertThat(pool.snapshot().closedBy()).containsOnlyKeys(CloseReason.TORN_MESSAGE);
  }

  @ParameterizedTest
  @EnumSource(names = {"SEND", "EXCHANGE"})
  void aTornMessageIsReportedIfItMayNotBeSentAgain(Verb verb) {
    TcpPeer peer = fault.narrowPeer(Behaviour.inTurn(TEARS, ANSWERS));
    TcpPool pool = fault.pool(fault.narrowPoolOf(peer.hostPort()).resendTorn(false));
    Call call = fault.call(verb, pool, LARGE, CallOptions.within(AMPLE));
    assertThat(call.ending()).isEqualTo(Ending.PARTIAL);
    assertThat(call.failure())
        .isInstanceOf(SendFailedException.class)
        .hasCauseInstanceOf(SocketException.class);
    fault.assertWorks(verb, pool);
    peer.awaitFrames(1);
  }

  @ParameterizedTest
  @EnumSource(names = "LEASE")
  void aBorrowerSeesTheResetAndNobodyGetsTheConnectionAfterwards(Verb verb) {
    TcpPeer peer = fault.narrowPeer(Behaviour.inTurn(TEARS, ANSWERS));
    TcpPool pool = fault.pool(fault.narrowPoolOf(peer.hostPort()));
    Call call = fault.call(verb, pool, LARGE, CallOptions.within(AMPLE));
    assertThat(call.failure()).isInstanceOf(SocketException.class);
    assertThat(pool.snapshot().idle()).isZero();
    fault.assertWorks(verb, pool);
  }

  @ParameterizedTest
  @EnumSource(names = {"SEND", "EXCHANGE"})
  void aPeerThatTearsEveryMessageIsNotFlooded(Verb verb) {
    TcpPeer peer = fault.narrowPeer(TEARS);
    TcpPool pool = fault.pool(fault.narrowPoolOf(peer.hostPort()));
    Call call = fault.call(verb, pool, LARGE, CallOptions.defaults());
    assertThat(call.ending()).isEqualTo(Ending.PARTIAL);
    assertThat(peer.accepted())
        .as("attempts in %s, the first two at once, then after 10 ms that double", DEADLINE)
        .isBetween(1, 9); // one, if a busy machine took that long
  }

  // ---- 12: a peer that stops reading ----

  @ParameterizedTest
  @EnumSource
  void aPeerThatStopsReadingCostsNobodyMoreThanTheDeadline(Verb verb) throws Exception {
    TcpPeer peer = fault.narrowPeer(Behaviour.stalled(ANSWERS));
    TcpPool pool = fault.pool(fault.narrowPoolOf(peer.hostPort()));
    FaultCase.open(pool, 1); // a dial might be all that there is time for
    Call call = fault.call(verb, pool, LARGE, CallOptions.defaults());
    assertThat(call.ending()).isEqualTo(verb == Verb.LEASE ? Ending.UNKNOWN : Ending.PARTIAL);
    assertThat(call.failure()).isInstanceOf(SocketTimeoutException.class);
    assertThat(call.took()).isGreaterThanOrEqualTo(DEADLINE.minusMillis(1));
    peer.behave(ANSWERS);
    fault.assertWorks(verb, pool);
    peer.awaitFrames(1);
  }

  @ParameterizedTest
  @EnumSource
  void whileOneConnectionIsStuckCallsToTheOtherEndpointFlowOn(Verb verb) {
    TcpPeer stuck = fault.narrowPeer(Behaviour.stalled(ANSWERS));
    TcpPeer well = fault.narrowPeer(ANSWERS);
    Balancer byKey = // binding: else each goes to the other endpoint while its own is busy
        new Balancer() {
          @Override
          public int pick(Candidates candidates, @Nullable Object key) {
            return key == null ? 1 : 0;
          }

          @Override
          public boolean isBinding() {
            return true;
          }
        };
    TcpPool pool =
        fault.pool(
            fault
                .narrowPoolOf(stuck.hostPort(), well.hostPort())
                .balancer(byKey)
                .connections(0, 1)
                .connectEagerly());
    CompletableFuture<Call> slow =
        fault.start(verb, pool, LARGE, CallOptions.within(DEADLINE).key("stuck"));
    FaultCase.awaitUntil(
        pool, "bytes that get stuck", now -> now.endpoints().get(0).bytesWritten() > 0);
    for (int i = 0; i < 20; i++) {
      Call call = fault.call(verb, pool, Message.MIN_BYTES, CallOptions.within(AMPLE));
      assertThat(call.succeeded()).as("%s", call).isTrue();
    }
    Call stuckCall = FaultCase.result(slow);
    assertThat(stuckCall.succeeded() || stuckCall.failure() instanceof SocketTimeoutException)
        .as("%s", stuckCall)
        .isTrue();
    stuck.behave(ANSWERS);
    well.awaitFrames(20);
  }

  // ---- 32: low bandwidth; lost packets are in NamespaceFaultsTest ----

  @ParameterizedTest
  @EnumSource
  void aNarrowNetworkMakesCallsSlowerAndLosesNothing(Verb verb) {
    TcpPeer peer = fault.peer(ANSWERS);
    FaultProxy proxy = fault.proxyTo(peer);
    proxy.upstream().bandwidth(4L * LARGE);
    TcpPool pool = fault.pool(fault.narrowPoolOf(proxy.hostPort()).writeTimeout(AMPLE));
    Call call = fault.call(verb, pool, LARGE / 2, CallOptions.within(AMPLE));
    assertThat(call.succeeded()).as("%s", call).isTrue();
    peer.awaitFrames(1);
    assertThat(pool.snapshot().resent()).isZero();
    fault.assertWorks(verb, pool);
    peer.awaitFrames(2);
  }
}
