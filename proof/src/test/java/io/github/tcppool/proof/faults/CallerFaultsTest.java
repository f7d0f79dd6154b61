package io.github.tcppool.proof.faults;

import static io.github.tcppool.proof.faults.FaultCase.AMPLE;
import static io.github.tcppool.proof.faults.FaultCase.LARGE;
import static io.github.tcppool.proof.faults.FaultCase.poolOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallOptions;
import io.github.tcppool.CloseReason;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.PoolWatch;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Blackhole;
import io.github.tcppool.testkit.TcpPeer;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows 23, 24, 29 and 30: what callers do to the pool, and the pool to its callers. */
class CallerFaultsTest {

  private static final CallOptions PATIENT = CallOptions.within(AMPLE);

  @RegisterExtension final FaultCase fault = new FaultCase();

  // ---- 23: interrupts ----

  @ParameterizedTest
  @EnumSource
  void anInterruptWhileWaitingForAConnectionConcernsThatCallOnly(Verb verb) throws Exception {
    TcpPeer peer = fault.peer(Behaviour.echo());
    TcpPool pool = fault.pool(poolOf(peer.hostPort()).connections(0, 1));
    CompletableFuture<Call> next;
    try (PooledSocket lease = pool.lease(PATIENT)) {
      assertThat(lease.isConnected()).isTrue();
      FaultCase.Caller first = fault.caller(false, verb, pool, Message.MIN_BYTES, PATIENT);
      FaultCase.awaitUntil(pool, "a waiter", now -> now.waiting() == 1);
      next = fault.start(verb, pool, Message.MIN_BYTES, PATIENT);
      FaultCase.awaitUntil(pool, "two waiters", now -> now.waiting() == 2);
      first.thread().interrupt();
      assertInterrupted(first, Ending.NOT_SENT);
    }
    assertThat(FaultCase.result(next).succeeded()).isTrue();
    assertThat(peer.accepted()).isEqualTo(1);
    peer.awaitFrames(1);
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptDuringAConnectLeavesTheDialToOthersAndTheEndpointUnblamed(Verb verb) {
    Blackhole hole = fault.closing(Blackhole.open());
    TcpPool pool = fault.pool(poolOf(hole.hostPort()).connectTimeout(AMPLE));
    FaultCase.Caller caller = fault.caller(false, verb, pool, Message.MIN_BYTES, PATIENT);
    FaultCase.awaitUntil(pool, "a dial", now -> now.dialing() == 1);
    caller.thread().interrupt();
    assertInterrupted(caller, Ending.NOT_SENT);
    assertThat(pool.snapshot().dialing()).isEqualTo(1);
    assertThat(pool.snapshot().endpoints().get(0).dialFailures()).isZero();
    assertThat(pool.snapshot().endpoints().get(0).up()).isTrue();
    pool.close(); // ends the dial
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptInTheMiddleOfAWriteTearsThatMessageOnly(Verb verb) {
    TcpPeer peer = fault.narrowPeer(Behaviour.stalled(Behaviour.replies(frame -> frame)));
    TcpPool pool = fault.pool(fault.narrowPoolOf(peer.hostPort()).writeTimeout(AMPLE));
    FaultCase.Caller caller = fault.caller(false, verb, pool, LARGE, PATIENT);
    FaultCase.awaitUntil(pool, "bytes", now -> now.endpoints().get(0).bytesWritten() > 0);
    caller.thread().interrupt();
    assertInterrupted(caller, verb == Verb.LEASE ? Ending.UNKNOWN : Ending.PARTIAL);
    assertThat(pool.snapshot().endpoints().get(0).up()).isTrue();
    peer.behave(Behaviour.echo());
    fault.assertWorks(verb, pool);
    peer.awaitFrames(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"EXCHANGE", "LEASE"})
  void anInterruptWhileWaitingForTheReplyLeavesTheRequestInDoubt(Verb verb) {
    TcpPeer peer = fault.peer(Behaviour.silent());
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    FaultCase.Caller caller = fault.caller(false, verb, pool, Message.MIN_BYTES, PATIENT);
    peer.awaitFrames(1);
    caller.thread().interrupt();
    assertInterrupted(caller, Ending.UNKNOWN);
    FaultCase.awaitUntil(pool, "the connection closed", now -> now.total() == 0);
    assertThat(pool.snapshot().endpoints().get(0).up()).isTrue();
    peer.behave(Behaviour.echo());
    fault.assertWorks(verb, pool);
  }

  @ParameterizedTest
  @EnumSource
  void aFlagThatIsSetOnEntryEndsTheCallWhereItWouldHaveToWaitForAConnection(Verb verb) {
    Blackhole hole = fault.closing(Blackhole.open()); // a dial that succeeds might win the race
    TcpPool pool = fault.pool(poolOf(hole.hostPort()).connectTimeout(AMPLE));
    FaultCase.Caller caller = fault.caller(true, verb, pool, Message.MIN_BYTES, PATIENT);
    assertInterrupted(caller, Ending.NOT_SENT);
    pool.close(); // ends the dial
  }

  @ParameterizedTest
  @EnumSource(names = {"EXCHANGE", "LEASE"})
  void aFlagThatIsSetOnEntryEndsTheCallWhereItWouldHaveToWaitForTheReply(Verb verb)
      throws Exception {
    TcpPeer peer = fault.peer(Behaviour.silent());
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    FaultCase.open(pool, 1);
    FaultCase.Caller caller = fault.caller(true, verb, pool, Message.MIN_BYTES, PATIENT);
    assertInterrupted(caller, Ending.UNKNOWN);
    peer.awaitFrames(1);
    peer.behave(Behaviour.echo());
    fault.assertWorks(verb, pool);
  }

  @Test
  void aFlagThatIsSetOnEntryIsNoReasonToFailWhereThereIsNothingToWaitFor() throws Exception {
    TcpPeer peer = fault.peer(Behaviour.echo());
    TcpPool pool = fault.pool(poolOf(peer.hostPort()));
    FaultCase.open(pool, 1);
    FaultCase.Caller caller = fault.caller(true, Verb.SEND, pool, Message.MIN_BYTES, PATIENT);
    assertThat(FaultCase.result(caller.ending()).succeeded()).isTrue();
    assertThat(caller.flag()).as("the interrupt flag").isTrue();
  }

  private static void assertInterrupted(FaultCase.Caller caller, Ending ending) {
    Call call = FaultCase.result(caller.ending());
    assertThat(call.ending()).as("%s", call).isEqualTo(ending);
    boolean leased = call.verb() == Verb.LEASE && ending != Ending.NOT_SENT;
    assertThat(call.failure())
        .isInstanceOf(leased ? InterruptedIOException.class : CallInterruptedException.class);
    assertThat(caller.flag()).as("the interrupt flag").isTrue();
    assertThat(call.took()).isLessThan(AMPLE);
  }

  // ---- 24: close at any moment ----

  @ParameterizedTest
  @EnumSource
  void aPoolThatIsClosedAtAnyMomentEndsEveryCallInOrder(Verb verb) {
    TcpPeer peer = fault.peer(Behaviour.echo());
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<CompletableFuture<Call>> calls = new ArrayList<>();
    for (int round = 0; round < 25; round++) {
      PoolWatch watch = new PoolWatch();
      TcpPool pool = watch.build(poolOf(peer.hostPort()).connections(0, 2));
      for (int caller = 0; caller < 4; caller++) {
        calls.add(fault.start(verb, pool, Message.MIN_BYTES, PATIENT));
      }
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(1_500)));
      long start = System.nanoTime();
      watch.close(Duration.ofMillis(500));
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("close of round %d, seed %d", round, seed)
          .isLessThan(FaultCase.SOON);
    }
    for (CompletableFuture<Call> started : calls) {
      Call call = FaultCase.result(started);
      assertThat(call.ending())
          .as("seed %d: %s", seed, call)
          .isIn(EnumSet.of(Ending.CONFIRMED, Ending.WRITTEN, Ending.NOT_SENT));
    }
    peer.awaitOpen(0);
  }

  // ---- 29: errors of a borrower ----

  @Test
  void aSecondReturnDoesNothingAndUseAfterReturnIsRefused() throws Exception {
    TcpPeer peer = fault.peer(Behaviour.echo());
    TcpPool pool = fault.pool(poolOf(peer.hostPort()).connections(0, 1));
    PooledSocket first = pool.lease(PATIENT);
    first.close();
    try (PooledSocket second = pool.lease(PATIENT)) {
      first.close();
      first.discard();
      assertThatThrownBy(() -> first.getOutputStream().write(1))
          .isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> first.setSoTimeout(1)).isInstanceOf(SocketException.class);
      assertThat(pool.tryLease()).as("a third owner").isEmpty();
      byte[] frame = new Message(Message.ASIDE, 1, 100).frame();
      second.getOutputStream().write(frame);
      assertThat(second.getInputStream().readNBytes(frame.length)).isEqualTo(frame);
    }
    fault.assertWorks(Verb.LEASE, pool);
    assertThat(peer.accepted()).isEqualTo(1);
  }

  // ---- 30: state left by a borrower ----

  @Test
  void nothingThatABorrowerSetIsMetByTheNextOne() throws Exception {
    TcpPeer peer = fault.peer(Behaviour.echo());
    TcpPool pool = fault.pool(poolOf(peer.hostPort()).connections(0, 1));
    try (PooledSocket first = pool.lease(PATIENT)) {
      first.setSoTimeout(1);
      first.setTcpNoDelay(false);
      first.setKeepAlive(false);
      first.setSoLinger(true, 0);
      first.setDeadline(Duration.ofHours(1));
    }
    try (PooledSocket second = pool.lease(PATIENT)) {
      assertThat(second.getSoTimeout()).isZero();
      assertThat(second.getTcpNoDelay()).isTrue();
      assertThat(second.getKeepAlive()).isTrue();
      assertThat(second.getSoLinger()).isEqualTo(-1);
    }
    peer.awaitAccepted(1);
    assertThat(peer.accepted()).isEqualTo(1);
  }

  @Test
  void whatABorrowerLeftUnreadOrHalfShutIsNotHandedOn() throws Exception {
    TcpPeer peer = fault.peer(Behaviour.echo());
    TcpPool pool = fault.pool(poolOf(peer.hostPort()).connections(0, 1));
    try (PooledSocket unread = pool.lease(PATIENT)) {
      unread.getOutputStream().write(Message.of(Message.ASIDE, 8).frame());
      assertThat(unread.getInputStream().read()).isZero();
    }
    fault.assertWorks(Verb.EXCHANGE, pool);
    try (PooledSocket half = pool.lease(PATIENT)) {
      half.shutdownInput();
    }
    fault.assertWorks(Verb.LEASE, pool);
    FaultCase.awaitUntil(pool, "closes done", now -> now.total() == 1);
    assertThat(pool.snapshot().closedBy())
        .containsOnlyKeys(CloseReason.UNREAD_BYTES, CloseReason.HALF_CLOSED);
  }
}
