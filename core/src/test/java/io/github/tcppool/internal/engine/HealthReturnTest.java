package io.github.tcppool.internal.engine;

import static io.github.tcppool.internal.engine.Ailments.callsTo;
import static io.github.tcppool.internal.engine.Ailments.down;
import static io.github.tcppool.internal.engine.Ailments.eject;
import static io.github.tcppool.internal.engine.Ailments.fail;
import static io.github.tcppool.internal.engine.Ailments.reset;
import static io.github.tcppool.internal.engine.Ailments.rig;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CloseReason;
import io.github.tcppool.EndpointHealth;
import io.github.tcppool.balance.Balancer;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How an endpoint comes back. */
class HealthReturnTest {

  private final Rig rig = rig(3);

  private EndpointHealth state(int endpoint) {
    return rig.at(endpoint).health().state();
  }

  @Test
  void anEjectionEndsWithOneTrialAndASlowStart() {
    eject(rig, 1);
    assertThat(rig.upkeep()).isBetween(0L, 33_000L);
    rig.advance(29_000);
    rig.upkeep();
    assertThat(state(1)).isEqualTo(EndpointHealth.EJECTED);
    rig.advance(4_100);
    rig.upkeep();
    assertThat(state(1)).isEqualTo(EndpointHealth.HALF_OPEN);
    rig.finishDials(); // it has no connection left
    Lane lane = rig.engine.lane(1);
    assertThat(lane.isUsable()).isTrue();
    FakeConnection trial = rig.call(Use.CALL, 1, 1000).got();
    assertThat(lane.isUsable()).as("while the trial is under way").isFalse();
    assertThat(callsTo(rig, 1, 10)).isZero();
    rig.release(trial);
    assertThat(state(1)).isEqualTo(EndpointHealth.SLOW_START);
    assertThat(callsTo(rig, 1, 100)).as("a tenth of a third").isBetween(2, 8);
    assertThat(rig.upkeep()).as("shares grow in steps").isLessThanOrEqualTo(100);
    rig.advance(5_000);
    rig.upkeep();
    assertThat(callsTo(rig, 1, 270)).as("0.79 / 2.79").isBetween(68, 86);
    rig.advance(5_000);
    rig.upkeep();
    assertThat(state(1)).isEqualTo(EndpointHealth.UP);
    assertThat(callsTo(rig, 1, 30)).isEqualTo(10);
  }

  @Test
  void aTrialThatFailsEjectsForTwiceAsLong() {
    eject(rig, 1);
    rig.advance(33_100);
    rig.upkeep();
    rig.finishDials();
    fail(rig, 1, reset());
    assertThat(state(1)).isEqualTo(EndpointHealth.EJECTED);
    assertThat(rig.at(1).health().reason()).startsWith("the trial failed");
    rig.advance(59_000);
    rig.upkeep();
    assertThat(state(1)).isEqualTo(EndpointHealth.EJECTED);
    rig.advance(7_100);
    rig.upkeep();
    assertThat(state(1)).isEqualTo(EndpointHealth.HALF_OPEN);
  }

  @Test
  void aLeaseFromBeforeDoesNotKeepTheTrialFromBeingMade() {
    FakeConnection subscriber = rig.call(Use.CALL, 1, 1000).got();
    FakeConnection other = rig.call(Use.CALL, 1, 1000).got();
    eject(rig, 1);
    rig.advance(34_000);
    rig.upkeep();
    rig.finishDials();
    assertThat(state(1)).isEqualTo(EndpointHealth.HALF_OPEN);
    assertThat(callsTo(rig, 1, 20)).isPositive();
    assertThat(state(1)).isEqualTo(EndpointHealth.SLOW_START);
    rig.release(subscriber);
    rig.release(other);
  }

  @Test
  void callsFromBeforeTheTrialDoNotDecideIt() {
    FakeConnection fails = rig.call(Use.CALL, 1, 1000).got();
    FakeConnection works = rig.call(Use.CALL, 1, 1000).got();
    eject(rig, 1);
    rig.advance(34_000);
    rig.upkeep();
    rig.finishDials();
    fails.owners.decrementAndGet();
    rig.engine
        .results()
        .failed(fails, CloseReason.TIMED_OUT, new SocketTimeoutException("Read timed out"));
    assertThat(state(1)).isEqualTo(EndpointHealth.HALF_OPEN);
    rig.release(works);
    assertThat(state(1)).isEqualTo(EndpointHealth.HALF_OPEN);
    FakeConnection trial = rig.call(Use.CALL, 1, 1000).got();
    assertThat(trial).as("returned, and taken again in the trial").isSameAs(works);
    assertThat(rig.engine.lane(1).isUsable()).isFalse();
    rig.release(trial);
    assertThat(state(1)).isEqualTo(EndpointHealth.SLOW_START);
  }

  @Test
  void anEndpointThatWasDownComesBackByATrialAndASlowStartOfItsConnections() {
    down(rig, 1);
    long before = rig.at(1).health().checks().probes();
    rig.advance(1000);
    rig.upkeep();
    rig.finishDials();
    rig.net.down.clear();
    rig.advance(1000);
    rig.upkeep();
    rig.finishDials();
    assertThat(state(1)).isEqualTo(EndpointHealth.HALF_OPEN);
    assertThat(rig.at(1).total()).as("connections before the trial").isEqualTo(1);
    assertThat(rig.at(1).health().checks().probes())
        .as("a bad and a good one")
        .isEqualTo(before + 2);
    assertThat(rig.at(1).health().checks().probesFailed()).isEqualTo(before + 1);
    assertThat(callsTo(rig, 1, 3)).isEqualTo(1);
    assertThat(state(1)).isEqualTo(EndpointHealth.SLOW_START);
    for (int i = 0; i < 25; i++) {
      rig.call(1000);
    }
    rig.finishDials();
    assertThat(rig.at(1).total()).as("a tenth of ten").isEqualTo(1);
    assertThat(rig.at(0).total() + rig.at(2).total()).isEqualTo(20);
    for (int i = 0; i < 5; i++) {
      rig.call(Use.CALL, 1, 1000);
    }
    rig.finishDials();
    assertThat(rig.at(1).total()).as("with those who may have no other").isGreaterThan(3);
    rig.advance(10_000);
    rig.upkeep();
    assertThat(state(1)).isEqualTo(EndpointHealth.UP);
  }

  @Test
  void whoWaitsGetsADialToTheOneThatWarmsUpWhenTheOtherGoesDown() {
    Rig two = rig(2);
    down(two, 1);
    two.net.down.clear();
    two.advance(1000);
    two.upkeep();
    two.finishDials();
    FakeConnection trial = two.call(Use.CALL, 1, 1000).got();
    trial.bytesRead = 1;
    two.release(trial);
    two.callers.clear();
    for (int i = 0; i < 15; i++) {
      two.call(1000);
    }
    two.finishDials();
    assertThat(two.at(1).total()).as("a tenth of ten").isEqualTo(1);
    List<FakeConnection> held =
        two.callers.stream()
            .filter(caller -> !caller.isWaiting())
            .map(Caller::got)
            .filter(connection -> connection.endpoint.equals(two.endpoints.get(0)))
            .toList();
    two.net.down.add(two.endpoints.get(0));
    two.discard(held.get(0));
    two.finishDials();
    two.net.slowClose = true; // the end of a close plans dials anyway
    held.subList(1, 10).forEach(two::discard);
    assertThat(two.at(0).health().state()).isEqualTo(EndpointHealth.DOWN);
    assertThat(two.at(1).dialing()).as("without waiting for the housekeeper").isPositive();
  }

  @Test
  void whatWasNeverUpBeforeStartsAtOnce() {
    Rig late = new Rig(2, Balancer.roundRobin(), o -> o.connections(1, 10));
    late.net.down.add(late.endpoints.get(1));
    late.upkeep();
    late.finishDials();
    late.net.down.clear();
    late.advance(200);
    late.upkeep();
    late.finishDials();
    late.advance(1_000);
    late.upkeep();
    assertThat(late.at(1).health().state()).isEqualTo(EndpointHealth.UP);
  }

  @Test
  void theOnlyEndpointComesBackAtFullWidth() {
    Rig one = rig(1);
    one.net.down.addAll(one.endpoints);
    one.net.opened.forEach(connection -> connection.unfit = CloseReason.PEER_CLOSED);
    Caller first = one.call();
    one.finishDials();
    assertThat(one.at(0).health().state()).isEqualTo(EndpointHealth.DOWN);
    one.net.down.clear();
    one.advance(250);
    one.upkeep();
    one.finishDials();
    assertThat(first.got()).isNotNull();
    assertThat(one.at(0).health().share()).isEqualTo(1);
  }
}
