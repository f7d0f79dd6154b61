package io.github.tcppool.proof.faults;

import static io.github.tcppool.proof.faults.FaultCase.AMPLE;
import static io.github.tcppool.proof.faults.FaultCase.poolOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CloseReason;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows 4 to 6 and 10: what happens to a connection that nobody uses at the moment. */
abstract class IdleFaults {

  private static final int ROUNDS = 20;

  @RegisterExtension final FaultCase fault;

  private final TcpPeer peer;

  IdleFaults(FaultCase fault) {
    this.fault = fault;
    peer = fault.peer(Behaviour.echo());
  }

  // ---- 4: FIN ----

  @ParameterizedTest
  @EnumSource
  void aFinWhileIdleIsNeverSeenByACallerAndLosesNothing(Verb verb) throws Exception {
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    for (int round = 0; round < fault.rounds(ROUNDS); round++) {
      FaultCase.open(pool, 2);
      peer.closeAll();
      assertSafe(verb, pool);
    }
    assertClosedBy(pool, CloseReason.PEER_CLOSED);
  }

  // ---- 5: RST ----

  @ParameterizedTest
  @EnumSource
  void aResetWhileIdleIsNeverSeenByACallerAndLosesNothing(Verb verb) throws Exception {
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    for (int round = 0; round < fault.rounds(ROUNDS); round++) {
      FaultCase.open(pool, 2);
      peer.resetAll();
      assertSafe(verb, pool);
    }
    assertClosedBy(pool, CloseReason.PEER_RESET);
  }

  // ---- 6: unsolicited bytes ----

  @ParameterizedTest
  @EnumSource(names = {"EXCHANGE", "LEASE"})
  void unaskedBytesCostTheirConnectionAndReachNobody(Verb verb) throws Exception {
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    for (int round = 0; round < fault.rounds(ROUNDS); round++) {
      FaultCase.open(pool, 2);
      peer.sendAll(Message.of(9, round).frame());
      assertSafe(verb, pool);
    }
    assertClosedBy(pool, CloseReason.UNREAD_BYTES);
  }

  @ParameterizedTest
  @EnumSource(names = "SEND")
  void unaskedBytesOnAOneWayConnectionAreKeptForTheReceiver(Verb verb) throws Exception {
    peer.behave(Behaviour.sink());
    TcpPool pool = fault.pool(poolOf(peer.hostPort()).connections(0, 1));
    fault.assertWorks(verb, pool);
    peer.awaitFrames(1);
    peer.sendAll(Message.of(9, 1).frame());
    fault.assertWorks(verb, pool);
    assertThat(pool.receive(CallOptions.within(AMPLE))).isEqualTo(Message.of(9, 1).payload());
    assertThat(peer.accepted()).isEqualTo(1);
    peer.awaitFrames(2);
  }

  // ---- 10: half-close ----

  @ParameterizedTest
  @EnumSource
  void aHalfClosedConnectionIsNotUsedAgain(Verb verb) throws Exception {
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    for (int round = 0; round < fault.rounds(ROUNDS); round++) {
      FaultCase.open(pool, 2);
      peer.connections().forEach(connection -> connection.halfClose());
      assertSafe(verb, pool);
    }
    assertClosedBy(pool, CloseReason.PEER_CLOSED);
  }

  private void assertSafe(Verb verb, TcpPool pool) {
    long before = peer.framesReceived();
    fault.assertWorks(verb, pool);
    peer.awaitFrames(before + 1);
  }

  /** Two connections each round, one of which the call itself met. */
  private void assertClosedBy(TcpPool pool, CloseReason reason) {
    FaultCase.awaitUntil(pool, "nothing closing", now -> now.total() == now.idle());
    assertThat(pool.snapshot().closedBy()).containsOnlyKeys(reason);
    assertThat(pool.snapshot().closedBy().get(reason)).isGreaterThanOrEqualTo(fault.rounds(ROUNDS));
  }
}
