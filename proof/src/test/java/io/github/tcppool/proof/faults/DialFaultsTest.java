package io.github.tcppool.proof.faults;

import static io.github.tcppool.proof.faults.FaultCase.AMPLE;
import static io.github.tcppool.proof.faults.FaultCase.DEADLINE;
import static io.github.tcppool.proof.faults.FaultCase.poolOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.RetryPolicy;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.proof.fleet.ServerProcess;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Blackhole;
import io.github.tcppool.testkit.Ports;
import io.github.tcppool.testkit.TcpPeer;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows 1 to 3: connects that are refused, that go unanswered, that succeed and mean nothing. */
class DialFaultsTest {

  @RegisterExtension final FaultCase fault = new FaultCase();

  // ---- 1: refused ----

  @ParameterizedTest
  @EnumSource
  void aRefusedConnectLeavesTheCallToTheNextEndpoint(Verb verb) {
    TcpPeer peer = fault.peer(Behaviour.echo());
    TcpPool pool = fault.pool(poolOf("127.0.0.1:" + Ports.unused(), peer.hostPort()));
    for (int i = 0; i < 10; i++) {
      assertThat(fault.call(verb, pool, Message.MIN_BYTES, CallOptions.within(AMPLE)).succeeded())
          .isTrue();
    }
    assertThat(pool.snapshot().endpoints().get(0).dialFailures())
        .as("dials to the dead endpoint, which nobody had to wait for")
        .isLessThan(10);
  }

  @ParameterizedTest
  @EnumSource
  void aCallWaitsForARefusingEndpointUntilItsDeadlineAndTellsTheCause(Verb verb) {
    TcpPool pool = fault.pool(poolOf("127.0.0.1:" + Ports.unused()));
    Call call = fault.call(verb, pool);
    assertThat(call.ending()).isEqualTo(Ending.NOT_SENT);
    assertThat(call.failure())
        .isInstanceOf(CallTimeoutException.class)
        .hasMessageContaining("Connection refused")
        .hasRootCauseInstanceOf(ConnectException.class);
    assertThat(call.took()).isGreaterThanOrEqualTo(DEADLINE.minusMillis(1));
    assertThat(pool.snapshot().endpoints().get(0).dialFailures())
        .as("dials in %s with a backoff of 10 ms that doubles to 250 ms", DEADLINE)
        .isBetween(1L, 12L);
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatMayTryOnceFailsAtTheFirstRefusal(Verb verb) {
    TcpPool pool = fault.pool(poolOf("127.0.0.1:" + Ports.unused()).retry(RetryPolicy.attempts(1)));
    Call call = fault.call(verb, pool, Message.MIN_BYTES, CallOptions.within(AMPLE));
    assertThat(call.ending()).isEqualTo(Ending.NOT_SENT);
    assertThat(call.failure()).isInstanceOf(ConnectFailedException.class);
    assertThat(call.took()).isLessThan(FaultCase.SOON);
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatWaitsIsServedSoonAfterTheServerListens(Verb verb) throws Exception {
    TcpPeer peer = fault.peer(Behaviour.echo());
    peer.kill();
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    CompletableFuture<Call> waiting =
        fault.start(verb, pool, Message.MIN_BYTES, CallOptions.within(AMPLE));
    FaultCase.awaitUntil(pool, "failed dials", now -> now.endpoints().get(0).dialFailures() > 4);
    peer.restart();
    long back = System.nanoTime();
    Call call = FaultCase.result(waiting);
    assertThat(call.succeeded()).as("%s", call).isTrue();
    assertThat(Duration.ofNanos(call.endedNanos() - back))
        .as("250 ms by contract, which RecoveryTest asserts; here on a busy machine too")
        .isLessThan(FaultCase.SOON);
  }

  // ---- 2: SYN blackhole ----

  @ParameterizedTest
  @EnumSource
  void anUnansweredConnectEndsWithTheDeadlineAndSaysSo(Verb verb) {
    Blackhole hole = fault.closing(Blackhole.open());
    TcpPool pool = fault.pool(poolOf(hole.hostPort()).connectTimeout(Duration.ofMillis(100)));
    Call call = fault.call(verb, pool);
    assertThat(call.ending()).isEqualTo(Ending.NOT_SENT);
    assertThat(call.failure())
        .isInstanceOf(CallTimeoutException.class)
        .hasRootCauseInstanceOf(SocketTimeoutException.class);
    pool.close(); // ends the dial
  }

  @ParameterizedTest
  @EnumSource
  void aReturnedConnectionServesTheWaiterWhileTheDialHangs(Verb verb) throws Exception {
    TcpPeer peer = fault.peer(Behaviour.echo());
    Blackhole hole = fault.closing(Blackhole.open());
    TcpPool pool =
        fault.pool(
            poolOf(hole.hostPort(), peer.hostPort()).connections(0, 1).connectTimeout(AMPLE));
    CompletableFuture<Call> waiting;
    try (PooledSocket lease = pool.lease(CallOptions.within(AMPLE))) {
      assertThat(lease.endpoint().port()).isEqualTo(peer.port());
      waiting = fault.start(verb, pool, Message.MIN_BYTES, CallOptions.within(AMPLE));
      FaultCase.awaitUntil(pool, "a waiter and a dial", now -> now.waiting() == 1);
    }
    Call call = FaultCase.result(waiting);
    assertThat(call.succeeded()).as("%s", call).isTrue();
    assertThat(call.took()).isLessThan(FaultCase.SOON);
    pool.close(); // ends the dial
  }

  @ParameterizedTest
  @EnumSource
  void theOtherEndpointIsDialedWhileTheFirstGivesNoAnswer(Verb verb) {
    TcpPeer peer = fault.peer(Behaviour.echo());
    Blackhole hole = fault.closing(Blackhole.open());
    TcpPool pool = fault.pool(poolOf(hole.hostPort(), peer.hostPort()).connectTimeout(AMPLE));
    Call call = fault.call(verb, pool, Message.MIN_BYTES, CallOptions.within(AMPLE));
    assertThat(call.succeeded()).as("%s", call).isTrue();
    assertThat(call.took())
        .as("250 ms until the second endpoint is tried; the rest is for a busy machine")
        .isLessThan(FaultCase.SOON);
    pool.close(); // ends the dial
  }

  // ---- 3: accepts, never answers ----

  @ParameterizedTest
  @EnumSource
  void aFrozenServerCostsNobodyMoreThanTheDeadline(Verb verb) throws Exception {
    ServerProcess server = fault.process(ServerProcess.Mode.ECHO);
    TcpPool pool = fault.pool(poolOf(server.hostPort()));
    fault.assertWorks(verb, pool);
    server.freeze();
    Call call = fault.call(verb, pool);
    assertThat(call.ending()).isEqualTo(verb == Verb.SEND ? Ending.WRITTEN : Ending.UNKNOWN);
    if (verb != Verb.SEND) {
      assertThat(call.failure()).isInstanceOf(SocketTimeoutException.class);
      assertThat(pool.snapshot().idle()).as("connections whose reply may come late").isZero();
    }
    server.thaw();
    fault.assertWorks(verb, pool);
  }
}
