package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.Backoff;
import io.github.tcppool.CloseReason;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.RetryPolicy;
import io.github.tcppool.balance.Balancer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DialingTest {

  private final Rig rig = new Rig(o -> o.connections(0, 10).maxDials(3));

  @Test
  void asManyConnectionsAreDialedAtOnceAsCallersWaitUpToTheLimit() {
    rig.call();
    assertThat(rig.only().dialing()).isEqualTo(1);
    rig.call();
    assertThat(rig.only().dialing()).isEqualTo(2);
    for (int i = 0; i < 8; i++) {
      rig.call();
    }
    assertThat(rig.only().dialing()).isEqualTo(3);
    assertThat(rig.dials).hasSize(3);
  }

  @Test
  void theNextDialStartsWhenOneEndsUntilEveryWaiterIsServed() {
    List<Caller> callers = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      callers.add(rig.call());
    }
    rig.finishDials();

    assertThat(callers).allMatch(caller -> caller.got() != null);
    assertThat(rig.net.opened).hasSize(9);
  }

  @Test
  void moreThanTheMaximumIsNeverDialed() {
    for (int i = 0; i < 15; i++) {
      rig.call();
    }
    rig.finishDials();

    assertThat(rig.net.opened).hasSize(10);
    assertThat(rig.only().total()).isEqualTo(10);
    assertThat(rig.engine.closings().waiting()).isEqualTo(5);
  }

  @Test
  void aClosingConnectionCountsUntilItsSocketIsClosed() {
    rig.update(o -> o.connections(0, 1));
    FakeConnection held = rig.idle(1).get(0);
    rig.acquire();
    Caller waiter = rig.call();
    rig.net.slowClose = true;

    rig.discard(held);
    assertThat(rig.only().closing()).isEqualTo(1);
    assertThat(rig.dials).as("no place is free yet").isEmpty();

    rig.finishCloses();
    rig.finishDial();
    assertThat(waiter.got()).isNotSameAs(held);
  }

  @Test
  void theTotalOverAllEndpointsIsNeverExceeded() {
    Rig three = new Rig(3, Balancer.roundRobin(), o -> o.connections(0, 10).maxTotalConnections(4));
    for (int i = 0; i < 10; i++) {
      three.call();
    }
    three.finishDials();

    assertThat(three.net.opened).hasSize(4);
    assertThat(three.engine.closings().waiting()).isEqualTo(6);
  }

  @Test
  void aCallThatWaitsForOneEndpointCausesOneDialThere() {
    rig.call(Use.CALL, 0, 1000);
    assertThat(rig.only().dialing()).isEqualTo(1);

    Rig two = new Rig(2, Balancer.roundRobin(), o -> o.connections(0, 5));
    two.call(Use.CALL, 1, 1000);
    assertThat(two.at(0).dialing()).as("where it does not want to go").isZero();
    assertThat(two.at(1).dialing()).isEqualTo(1);
    two.call(Use.CALL, 1, 1000);
    two.call(Use.CALL, 0, 1000);
    assertThat(two.at(0).dialing()).isEqualTo(1);
    assertThat(two.at(1).dialing()).isEqualTo(2);
    two.call();
    assertThat(two.at(0).dialing() + two.at(1).dialing()).isEqualTo(4);
  }

  @Test
  void anEndpointThatFailsGetsOneDialAtATime() {
    rig.net.down.addAll(rig.endpoints);
    for (int i = 0; i < 5; i++) {
      rig.call();
    }
    assertThat(rig.dials).hasSize(3);
    rig.finishDial();
    rig.finishDial();
    rig.finishDial();
    assertThat(rig.dials).isEmpty();

    rig.advance(250);
    rig.upkeep();
    rig.upkeep();
    rig.call();
    assertThat(rig.dials).hasSize(1);
  }

  @Test
  void theBackoffDoublesWhileCallersWait() {
    rig.update(o -> o.retry(RetryPolicy.untilDeadline().backoff(constant(10, 80))));
    rig.net.down.addAll(rig.endpoints);
    rig.call();
    for (int wait : new int[] {10, 20, 40, 80, 80, 80}) {
      int least = wait * 4 / 5;
      rig.finishDial();
      long next = rig.upkeep();
      assertThat(next)
          .as("backoff of %d ms, a fifth of it at random", wait)
          .isBetween(least - 1L, (long) wait);
      rig.advance(least - 1);
      rig.upkeep();
      assertThat(rig.dials).as("before four fifths of %d ms", wait).isEmpty();
      rig.advance(wait - least + 1);
      rig.upkeep();
      assertThat(rig.dials).as("after %d ms", wait).hasSize(1);
    }
  }

  private static Backoff constant(int firstMillis, int maxMillis) {
    return Backoff.exponential(Duration.ofMillis(firstMillis), Duration.ofMillis(maxMillis));
  }

  @Test
  void whileNobodyWaitsTheBackoffGoesUpToThirtySeconds() {
    rig.net.down.addAll(rig.endpoints);
    rig.call(1);
    rig.advance(1);
    int dials = 0;
    for (int second = 0; second < 120; second++) {
      while (!rig.dials.isEmpty()) {
        rig.finishDial();
        dials++;
      }
      rig.advance(1000);
      rig.upkeep();
    }
    assertThat(dials).as("dials in two quiet minutes").isBetween(9, 22);
    assertThat(rig.upkeep()).isLessThanOrEqualTo(30_000);
  }

  @Test
  void aCallerThatComesDuringAQuietBackoffIsNotMadeToWaitForItsEnd() {
    rig.net.down.addAll(rig.endpoints);
    rig.call(1);
    rig.advance(1);
    for (int i = 0; i < 30; i++) {
      rig.finishDial();
      rig.advance(30_000);
      rig.upkeep();
    }
    rig.finishDial();
    rig.net.down.clear();
    int before = rig.alarms;
    Caller caller = rig.call();
    assertThat(rig.alarms).as("housekeeping is told").isGreaterThan(before);
    assertThat(rig.upkeep()).isBetween(0L, 250L);
    rig.advance(250);
    rig.upkeep();
    rig.finishDial();

    assertThat(caller.got()).isNotNull();
  }

  @Test
  void acceptThenCloseKeepsTheBackoffGrowing() {
    List<Integer> rows = new ArrayList<>();
    rig.call(1);
    rig.advance(1);
    for (int i = 0; i < 6; i++) {
      rig.finishDial();
      rig.net.opened.get(i).unfit = CloseReason.PEER_CLOSED;
      rig.call(1);
      List<PoolEvent.DialFailed> failed = rig.events(PoolEvent.DialFailed.class);
      rows.add(failed.get(failed.size() - 1).failuresInRow());
      rig.advance(5_000);
      rig.upkeep();
    }
    assertThat(rows).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(rig.events(PoolEvent.EndpointUp.class)).isEmpty();
  }

  @Test
  void failuresAreForgottenWhenAConnectionAnswers() {
    failOnceThenConnect();
    FakeConnection connection = rig.acquire();
    rig.release(connection);
    assertThat(rig.only().up()).isFalse();

    connection = rig.acquire();
    connection.bytesRead = 1;
    rig.release(connection);

    assertThat(rig.only().up()).isTrue();
    assertThat(rig.events(PoolEvent.EndpointDown.class)).hasSize(1);
    assertThat(rig.events(PoolEvent.EndpointUp.class)).hasSize(1);
  }

  @Test
  void failuresAreForgottenWhenAConnectionHasLivedForASecond() {
    failOnceThenConnect();
    rig.advance(999);
    rig.upkeep();
    assertThat(rig.only().up()).isFalse();

    rig.advance(1);
    rig.upkeep();
    assertThat(rig.only().up()).isTrue();
  }

  private void failOnceThenConnect() {
    rig.net.down.addAll(rig.endpoints);
    rig.call(1);
    rig.finishDial();
    rig.advance(1);
    rig.net.down.clear();
    rig.advance(250);
    rig.upkeep();
    rig.finishDial();
    assertThat(rig.only().idle()).isEqualTo(1);
  }

  @Test
  void waitersThatStayBehindWhenAUselessConnectionIsDroppedAreServedAfterTheBackoff() {
    rig.update(o -> o.connections(0, 1).retry(RetryPolicy.attempts(1)));
    rig.call(1);
    rig.advance(1);
    rig.finishDial();
    FakeConnection fresh = rig.net.opened.get(0);
    fresh.unfit = CloseReason.PEER_RESET;
    int before = rig.alarms;

    assertThat(rig.call().hasFailed()).isTrue();

    assertThat(rig.alarms).as("housekeeping is told when to dial again").isGreaterThan(before);
  }

  @Test
  void anErrorInTheDialGivesThePlaceBack() {
    rig.net.down.addAll(rig.endpoints);
    for (Throwable fault :
        List.of(new StackOverflowError("deep"), new IllegalStateException("odd"))) {
      rig.net.failure = fault;
      rig.call();
      rig.finishDials();
      assertThat(rig.only().dialing()).isZero();
      assertThat(rig.only().lastFailure()).contains(fault.getMessage());
      rig.advance(250);
    }
  }

  @Test
  void aRefusingExecutorIsAFailedDial() throws IOException {
    List<PoolEvent> events = new ArrayList<>();
    Engine<FakeConnection> engine =
        new Engine<>(
            "rig",
            rig.endpoints,
            Balancer.roundRobin(),
            rig.engine.options().toBuilder().connections(1, 1).build(),
            rig.net,
            work -> {
              throw new OutOfMemoryError("unable to create native thread");
            },
            rig::now,
            new Random(1),
            Parker::ofCurrentThread,
            events::add);
    engine.upkeep().run(rig.now());

    assertThat(engine.closings().endpoints().get(0).dialing()).isZero();
    assertThat(engine.closings().endpoints().get(0).lastFailure())
        .contains("unable to create native thread");
  }

  @Test
  void aDialThatEndsAboveALoweredTotalIsDropped() {
    Rig two = new Rig(2, Balancer.roundRobin(), o -> o.connections(0, 2));
    two.call(Use.CALL, 0, 1000);
    two.call(Use.CALL, 1, 1000);
    two.update(o -> o.maxTotalConnections(1));

    two.finishDial();
    assertThat(two.net.closed).as("while the other dial is under way").hasSize(1);
    two.finishDial();
    assertThat(two.at(0).total() + two.at(1).total()).isEqualTo(1);
  }

  @Test
  void idleConnectionsElsewhereMakeRoomForWhoeverIsBoundToOneEndpoint() {
    Rig two = new Rig(2, Balancer.roundRobin(), o -> o.connections(0, 2).maxTotalConnections(2));
    List<FakeConnection> there = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Caller caller = two.call(Use.CALL, 1, 1000);
      two.finishDial();
      there.add(caller.got());
    }
    two.net.slowClose = true;
    Caller bound = two.call(Use.CALL, 0, 1000);
    assertThat(two.dials).as("while both are leased").isEmpty();

    two.release(there.get(0));
    assertThat(two.at(1).closing()).isEqualTo(1);
    assertThat(two.dials).as("before the place is free").isEmpty();
    two.release(there.get(1));
    assertThat(two.at(1).idle()).as("one place was wanted").isEqualTo(1);
    two.finishCloses();
    two.finishDial();

    assertThat(bound.got().endpoint).isEqualTo(two.endpoints.get(0));
    assertThat(two.net.closed.get(0).closedFor).isEqualTo(CloseReason.SHRUNK);
  }

  @Test
  void aConnectionThatWasBeingMadeWhenItsEndpointWasEvictedIsReplaced() {
    Rig rig = new Rig(o -> o.connections(0, 1));
    Caller caller = rig.call();
    Runnable begun = rig.dials.poll();
    rig.net.whileDialing = () -> rig.engine.closings().evict(endpoint -> true);
    begun.run();
    rig.net.whileDialing = () -> {};
    rig.finishCloses();
    assertThat(caller.isWaiting()).isTrue();
    assertThat(rig.engine.closings().closedBy()).containsOnlyKeys(CloseReason.EVICTED);
    rig.finishDial();
    assertThat(caller.got().closedFor).isNull();
  }
}
