package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallFailure;
import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.CloseReason;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.Outcome;
import io.github.tcppool.PoolExhaustedException;
import io.github.tcppool.RetryPolicy;
import io.github.tcppool.balance.Balancer;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingTest {

  private final Rig rig = new Rig(o -> o.connections(0, 2));

  @Test
  void aCallWithoutTimeTakesWhatIsIdle() {
    FakeConnection idle = rig.idle(1).get(0);

    assertThat(rig.call(0).got()).isSameAs(idle);
  }

  @Test
  void aCallWithoutTimeFailsAtOnceIfNothingIsIdle() {
    Throwable failure = rig.call(0).failure();

    assertThat(failure)
        .isInstanceOf(CallTimeoutException.class)
        .hasMessageStartingWith("rig: no connection to server0:1000 within 0 ms");
    assertThat(rig.engine.closings().waiting()).isZero();
    assertThat(rig.engine.closings().timeouts()).as("calls that waited in vain").isEqualTo(1);
  }

  @Test
  void aCallTimesOutAtItsDeadlineAndNotBefore() {
    Caller caller = rig.call(150);

    rig.advance(149);
    assertThat(caller.isWaiting()).isTrue();
    rig.advance(1);

    assertThat(caller.failure()).isInstanceOf(CallTimeoutException.class);
    assertThat(rig.engine.closings().timeouts()).isEqualTo(1);
  }

  @Test
  void aTimeoutTellsWhoWhereHowLongHowManyAndTheLastFailure() {
    rig.net.down.addAll(rig.endpoints);
    ConnectException refused = new ConnectException("Connection refused");
    rig.net.failure = refused;
    Caller early = rig.call(5000);
    rig.finishDial();
    rig.net.down.clear();
    rig.advance(1000);
    rig.upkeep();
    rig.finishDial();
    assertThat(early.isWaiting()).isFalse();
    Caller caller = rig.call(250);
    rig.call(9000);
    rig.advance(10); // the pause after a dial while nothing is proven
    rig.upkeep();
    rig.advance(240);

    assertThat(caller.failure())
        .isInstanceOf(CallTimeoutException.class)
        .hasMessage(
            "rig: no connection to server0:1000 within 250 ms"
                + " (idle 0, leased 1, dialing 1, waiting 1); last failure: Connection refused")
        .hasCause(refused);
    CallFailure told = (CallFailure) caller.failure();
    assertThat(told.outcome()).isEqualTo(Outcome.NOT_SENT);
    assertThat(told.endpoint()).contains(rig.endpoints.get(0));
  }

  @Test
  void aTimedOutCallerLeavesTheLineAndTheNextOneIsServed() {
    FakeConnection idle = rig.idle(1).get(0);
    rig.acquire();
    Caller first = rig.call(10);
    Caller second = rig.call();
    rig.advance(10);

    rig.release(idle);

    assertThat(first.hasFailed()).isTrue();
    assertThat(second.got()).isSameAs(idle);
  }

  @Test
  void anInterruptedCallerWithdrawsAndKeepsItsFlag() {
    FakeConnection idle = rig.idle(1).get(0);
    rig.acquire();
    Caller first = rig.call();
    Caller second = rig.call();

    first.interrupt();

    assertThat(first.failure())
        .isInstanceOf(CallInterruptedException.class)
        .hasMessage("rig: interrupted while waiting for a connection");
    assertThat(first.wasInterruptedAtEnd()).isTrue();
    assertThat(rig.engine.closings().waiting()).isEqualTo(1);
    rig.release(idle);
    assertThat(second.got()).isSameAs(idle);
  }

  @Test
  void aCallerThatWasGivenADeadConnectionKeepsItsPlaceInTheLine() {
    List<FakeConnection> all = rig.idle(2);
    FakeConnection one = rig.acquire();
    FakeConnection other = rig.acquire();
    Caller first = rig.call();
    Caller second = rig.call();

    one.unfit = CloseReason.PEER_RESET;
    rig.release(one);
    rig.release(other);

    assertThat(all).contains(one, other);
    assertThat(first.got()).isSameAs(other);
    assertThat(second.isWaiting()).isTrue();
  }

  @Test
  void aGrantThatCameBeforeTheInterruptIsKept() {
    Waiter waiter =
        new Waiter(new Lane(rig.endpoints.get(0), 0), false, null, true, noParker(), Waiter.NEW);
    waiter.grant(new FakeConnection(rig.endpoints.get(0)));

    assertThat(
            new Ledger(rig.endpoints, rig.engine.options(), rig::now)
                .withdraw(waiter, new Effects()))
        .isFalse();
    assertThat(waiter.isDecided()).isTrue();
  }

  private static Parker noParker() {
    return new Parker() {
      @Override
      public void sleep(long nanos) {}

      @Override
      public void wake() {}
    };
  }

  @Test
  void aSpuriousWakeUpChangesNothing() {
    Caller caller = rig.call(100);
    caller.wake();
    assertThat(caller.isWaiting()).isTrue();
    assertThat(rig.engine.closings().waiting()).isEqualTo(1);

    rig.finishDial();
    assertThat(caller.got()).isNotNull();
  }

  @Test
  void moreCallersThanMaxPendingAreTurnedAwayAtOnce() {
    rig.update(o -> o.maxPending(2));
    rig.call();
    rig.call();

    assertThat(rig.call().failure())
        .isInstanceOf(PoolExhaustedException.class)
        .hasMessage("rig: 2 callers wait for a connection already");
    assertThat(rig.engine.closings().waiting()).isEqualTo(2);
  }

  @Test
  void aCallGivesUpAfterAsManyFailedDialsAsItMayAttempt() {
    rig.update(o -> o.retry(RetryPolicy.attempts(3)));
    rig.net.down.addAll(rig.endpoints);
    Caller caller = rig.call();
    for (int dials = 1; dials < 3; dials++) {
      rig.finishDial();
      assertThat(caller.isWaiting()).as("after %d failures", dials).isTrue();
      rig.advance(250);
      rig.upkeep();
    }
    rig.finishDial();

    assertThat(caller.failure())
        .isInstanceOf(ConnectFailedException.class)
        .hasMessage(
            "rig: no connection to server0:1000 after 3 attempts;"
                + " last failure: Connection refused")
        .hasCauseInstanceOf(ConnectException.class);
    assertThat(((CallFailure) caller.failure()).attempts()).isEqualTo(3);
  }

  @Test
  void failedDialsDoNotEndACallThatAReturnedConnectionMayServe() {
    rig.update(o -> o.retry(RetryPolicy.attempts(1)));
    FakeConnection idle = rig.idle(1).get(0);
    rig.acquire();
    rig.net.down.addAll(rig.endpoints);
    Caller caller = rig.call();
    rig.finishDial();

    assertThat(caller.isWaiting()).isTrue();
    rig.release(idle);
    assertThat(caller.got()).isSameAs(idle);
  }

  @Test
  void aConnectionThatWasNeverOfAnyUseCountsAsAnAttempt() {
    rig.update(o -> o.retry(RetryPolicy.attempts(1)));
    Caller other = rig.call();
    Caller caller = rig.call();
    rig.finishDial();
    rig.discard(other.got());
    FakeConnection fresh = new FakeConnection(rig.endpoints.get(0));
    assertThat(fresh.messages()).isZero();
    rig.finishDial();
    assertThat(caller.got()).isNotNull();

    rig.discard(caller.got());
    Caller third = rig.call(1);
    rig.advance(1);
    assertThat(third.hasFailed()).isTrue();
    rig.finishDial();
    rig.net.opened.get(rig.net.opened.size() - 1).unfit = CloseReason.PEER_CLOSED;

    assertThat(rig.call().failure())
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("server0:1000 closed the connection before its first use");
    assertThat(rig.only().up()).isFalse();
  }

  @Test
  void aWaiterForOneEndpointKeepsNobodyFromTheOthers() throws IOException {
    Rig two = new Rig(2, Balancer.roundRobin(), o -> o.connections(0, 1).maxPending(1));
    FakeConnection there = connectTo(two, 1);
    connectTo(two, 0);
    Caller bound = two.call(Use.CALL, 0, 1000);
    two.release(there);

    assertThat(two.engine.tryAcquire(Use.CALL, two.order, null, two.now())).isSameAs(there);
    two.engine.release(there, Use.CALL, two.now());
    assertThat(two.acquire()).as("without any time, the line being full").isSameAs(there);
    assertThat(bound.isWaiting()).isTrue();
    assertThat(two.engine.tryAcquire(Use.CALL, two.order, null, two.now())).isNull();
  }

  private static FakeConnection connectTo(Rig rig, int endpoint) {
    Caller caller = rig.call(Use.CALL, endpoint, 1000);
    rig.finishDial();
    return caller.got();
  }
}
