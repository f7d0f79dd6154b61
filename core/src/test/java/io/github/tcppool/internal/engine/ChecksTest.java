package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CheckSnapshot;
import io.github.tcppool.CloseReason;
import io.github.tcppool.EndpointHealth;
import io.github.tcppool.HealthCheck;
import io.github.tcppool.HealthPolicy;
import io.github.tcppool.Heartbeat;
import io.github.tcppool.Ping;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.balance.Balancer;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChecksTest {

  private final Rig rig = new Rig(3, Balancer.roundRobin(), o -> o.connections(0, 10));

  private void check() {
    rig.update(o -> o.health(HealthPolicy.defaults().check(HealthCheck.connectOnly())));
    round();
  }

  /** One check of each endpoint. */
  private void round() {
    rig.advance(5_600); // the interval, and the most that jitter adds
    rig.upkeep();
    rig.finishDials();
  }

  private EndpointHealth state(int endpoint) {
    return rig.at(endpoint).health().state();
  }

  private void unwell(int endpoint) {
    rig.net.unwell.add(rig.endpoints.get(endpoint));
  }

  private int callsTo(int endpoint, int calls) {
    int there = 0;
    for (int i = 0; i < calls; i++) {
      Caller caller = rig.call(1000);
      rig.finishDials();
      FakeConnection connection = caller.got();
      connection.bytesRead = 1;
      there += connection.endpoint.equals(rig.endpoints.get(endpoint)) ? 1 : 0;
      rig.release(connection);
    }
    rig.callers.clear();
    return there;
  }

  // ---- health checks ----

  @Test
  void withoutHealthChecksNobodyIsAsked() {
    round();
    round();
    assertThat(rig.net.checks).isZero();
  }

  @Test
  void everyEndpointIsAskedOncePerInterval() {
    check();
    assertThat(rig.net.checks).isEqualTo(3);
    rig.advance(4_400); // the interval less a tenth is not over
    rig.upkeep();
    rig.finishDials();
    assertThat(rig.net.checks).isEqualTo(3);
    round();
    assertThat(rig.net.checks).isEqualTo(6);
  }

  @Test
  void theSnapshotTellsWhatCameOfChecks() {
    assertThat(rig.at(1).health().checks()).isEqualTo(new CheckSnapshot(0, 0, 0, null, null, 0, 0));
    check();
    unwell(1);
    round();
    rig.advance(250);
    assertThat(rig.at(1).health().checks())
        .isEqualTo(
            new CheckSnapshot(
                2,
                1,
                1,
                "java.net.ConnectException: Connection refused",
                Duration.ofMillis(250),
                0,
                0));
    assertThat(rig.at(0).health().checks().passed()).isEqualTo(2);
  }

  @Test
  void atMostOneCheckOfAnEndpointIsUnderWay() {
    rig.update(o -> o.health(HealthPolicy.defaults().check(HealthCheck.connectOnly())));
    for (int i = 0; i < 5; i++) {
      rig.upkeep();
      rig.advance(10_000);
    }
    assertThat(rig.dials).hasSize(3);
  }

  @Test
  void theFirstCheckDecidesAlone() {
    unwell(1);
    check();
    assertThat(state(1)).isEqualTo(EndpointHealth.FAILING);
    assertThat(rig.at(1).health().reason()).isEqualTo("checks fail: Connection refused");
    assertThat(callsTo(1, 20)).isZero();
    rig.net.unwell.clear();
    round();
    assertThat(state(1)).as("nothing good had been known of it").isEqualTo(EndpointHealth.UP);
    assertThat(callsTo(1, 30)).isBetween(9, 10); // the first one has a connection made
  }

  @Test
  void laterOnThreeBadChecksTakeCallsAwayAndTwoGoodOnesBringThemBackSlowly() {
    check();
    unwell(1);
    round();
    round();
    assertThat(state(1)).isEqualTo(EndpointHealth.UP);
    assertThat(rig.at(1).health().badChecks()).isEqualTo(2);
    round();
    assertThat(state(1)).isEqualTo(EndpointHealth.FAILING);
    rig.net.unwell.clear();
    round();
    assertThat(state(1)).isEqualTo(EndpointHealth.FAILING);
    round();
    assertThat(state(1)).isEqualTo(EndpointHealth.SLOW_START);
    assertThat(rig.events(PoolEvent.HealthCheckFailed.class)).hasSize(3);
    round();
    rig.advance(5_000);
    rig.upkeep();
    assertThat(state(1)).isEqualTo(EndpointHealth.UP);
  }

  @Test
  void aBadCheckBetweenGoodOnesDoesNoHarm() {
    check();
    for (int i = 0; i < 6; i++) {
      unwell(1);
      round();
      rig.net.unwell.clear();
      round();
    }
    assertThat(state(1)).isEqualTo(EndpointHealth.UP);
  }

  @Test
  void whenTheChecksOfMostFailTheyAreDisregarded() {
    unwell(0);
    unwell(1);
    check();
    assertThat(state(0)).isEqualTo(EndpointHealth.FAILING);
    callsTo(0, 6); // the first ones have connections made
    assertThat(callsTo(0, 30)).as("one of three is less than half").isEqualTo(10);
  }

  @Test
  void anEndpointThatCannotBeReachedIsDownWhateverItsChecksSay() {
    unwell(1);
    check();
    rig.net.down.add(rig.endpoints.get(1));
    rig.call(Use.CALL, 1, 1);
    rig.finishDials();
    rig.advance(1);
    rig.callers.clear();
    assertThat(state(1)).isEqualTo(EndpointHealth.DOWN);
    rig.net.down.clear();
    rig.advance(200);
    rig.upkeep();
    rig.finishDials();
    rig.advance(1_100);
    rig.upkeep();
    assertThat(state(1)).as("it is back, and unwell").isEqualTo(EndpointHealth.FAILING);
    assertThat(callsTo(1, 10)).isZero();
  }

  @Test
  void whatThisMachineLacksTellsNothingOfAnEndpoint() {
    unwell(1);
    for (Throwable local :
        List.of(
            new LocalFaultException(new ConnectException("Cannot assign requested address")),
            new OutOfMemoryError("unable to create native thread"))) {
      rig.net.badAnswer = local;
      check();
      round();
      assertThat(state(1)).isEqualTo(EndpointHealth.UP);
    }
  }

  @Test
  void aCheckThatToldNothingIsNotRepeatedBeforeTheIntervalIsOver() {
    unwell(1);
    rig.net.badAnswer = new LocalFaultException(new ConnectException("no descriptor"));
    check();
    assertThat(rig.net.checks).isEqualTo(3);
    rig.upkeep();
    rig.finishDials();
    assertThat(rig.net.checks).isEqualTo(3);
    round();
    assertThat(rig.net.checks).isEqualTo(6);
  }

  @Test
  void aPingThatThrowsCountsAsABadCheckAndTheNextOneComes() {
    unwell(1);
    rig.net.badAnswer = new IllegalStateException("bug");
    check();
    assertThat(state(1)).isEqualTo(EndpointHealth.FAILING);
    int before = rig.net.checks;
    round();
    assertThat(rig.net.checks).isEqualTo(before + 3);
  }

  @Test
  void whoIsNotCheckedAnyMoreGetsCallsAgain() {
    unwell(1);
    check();
    rig.update(o -> o.health(HealthPolicy.defaults()));
    rig.upkeep();
    assertThat(state(1)).isEqualTo(EndpointHealth.UP);
  }

  @Test
  void aCallThatWaitsForTheLastOneIsServedWhenItPassesItsChecks() {
    Rig two = new Rig(2, Balancer.roundRobin(), o -> o.connections(0, 1));
    two.net.unwell.add(two.endpoints.get(1));
    two.update(o -> o.health(HealthPolicy.defaults().check(HealthCheck.connectOnly())));
    two.upkeep();
    two.finishDials();
    Caller first = two.call();
    two.finishDials();
    assertThat(first.got().endpoint).isEqualTo(two.endpoints.get(0));
    Caller second = two.call();
    two.finishDials();
    assertThat(second.isWaiting()).isTrue();
    two.net.unwell.clear();
    two.advance(5_600);
    two.upkeep();
    two.finishDials();
    assertThat(second.got().endpoint).isEqualTo(two.endpoints.get(1));
  }

  // ---- heartbeats ----

  private List<FakeConnection> idle(int connections) {
    rig.update(
        o ->
            o.health(
                HealthPolicy.defaults()
                    .heartbeat(Heartbeat.of(Ping.nothing()).idle(Duration.ofSeconds(30)))));
    List<FakeConnection> held = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Caller caller = rig.call(Use.CALL, 0, 1000);
      rig.finishDials();
      caller.got().bytesRead = 1;
      held.add(caller.got());
    }
    held.forEach(rig::release);
    rig.callers.clear();
    return held;
  }

  /** Housekeeping for so many seconds. */
  private void seconds(int count) {
    for (int i = 0; i < count; i++) {
      rig.advance(1_000);
      rig.upkeep();
      rig.finishDials();
    }
  }

  @Test
  void aConnectionIsAskedOnlyAfterItsIdleTimeAndThenOncePerIdleTime() {
    FakeConnection only = idle(1).get(0);
    seconds(29);
    assertThat(rig.net.asked).isEmpty();
    seconds(2);
    assertThat(rig.net.asked).containsExactly(only);
    assertThat(only.isIdle()).isTrue();
    seconds(28);
    assertThat(rig.net.asked).hasSize(1);
    seconds(2);
    assertThat(rig.net.asked).hasSize(2);
  }

  @Test
  void aHeartbeatIsNoUse() {
    rig.update(o -> o.maxIdle(Duration.ofSeconds(60)));
    FakeConnection only = idle(1).get(0);
    seconds(61);
    assertThat(rig.net.asked).isNotEmpty();
    assertThat(only.closedFor).isEqualTo(CloseReason.IDLE);
    assertThat(rig.at(0).messages()).isEqualTo(1);
  }

  @Test
  void atMostOneOfEightConnectionsIsAskedAtATime() {
    idle(10);
    rig.advance(31_000);
    rig.upkeep();
    assertThat(rig.dials).hasSize(1);
    assertThat(rig.at(0).leased()).as("while it is asked").isEqualTo(1);
    rig.finishDials();
    seconds(12);
    assertThat(rig.net.asked).hasSize(10).doesNotHaveDuplicates();
  }

  @Test
  void whoDoesNotAnswerIsClosedAndCountedAgainstTheEndpoint() {
    idle(1);
    rig.net.badAnswer = new SocketTimeoutException("Read timed out");
    seconds(32);
    assertThat(rig.net.closed).hasSize(1);
    assertThat(rig.net.closed.get(0).closedFor).isEqualTo(CloseReason.NO_HEARTBEAT);
    assertThat(rig.at(0).health().failuresInRow()).isEqualTo(1);
  }

  @Test
  void aWrongAnswerCountsToo() {
    idle(1);
    rig.net.badAnswer = new ProtocolException("not the one expected");
    seconds(32);
    assertThat(rig.at(0).health().failuresInRow()).isEqualTo(1);
  }

  @Test
  void wrongAnswersOneAfterTheOtherCountOneByOne() {
    idle(5);
    rig.net.badAnswer = new ProtocolException("not the one expected");
    seconds(45);
    assertThat(rig.net.closed).hasSize(5);
    assertThat(state(0)).isEqualTo(EndpointHealth.EJECTED);
    assertThat(rig.at(0).health().reason()).startsWith("5 calls in a row failed");
  }

  @Test
  void aPeerMayCloseWhatNobodyUses() {
    idle(1);
    rig.net.badAnswer = new EOFException("stream ended");
    seconds(32);
    assertThat(rig.net.closed).hasSize(1);
    assertThat(rig.at(0).health().failuresInRow()).isZero();
  }

  @Test
  void aPingThatThrowsCostsItsConnectionAndNothingElse() {
    idle(1);
    rig.net.badAnswer = new AssertionError("bug");
    seconds(32);
    assertThat(rig.net.closed).hasSize(1);
    assertThat(rig.at(0).health().failuresInRow()).isZero();
    assertThat(rig.engine.lane(0).beating.get()).isZero();
  }

  @Test
  void whatIsUnfitIsClosedInsteadOfAsked() {
    FakeConnection only = idle(1).get(0);
    rig.advance(31_000);
    only.unfit = CloseReason.PEER_CLOSED;
    rig.upkeep();
    assertThat(only.closedFor).isEqualTo(CloseReason.PEER_CLOSED);
    assertThat(rig.dials).isEmpty();
  }

  @Test
  void whoWaitsIsGivenTheConnectionWhenItsHeartbeatIsOver() {
    rig.update(o -> o.connections(0, 1));
    idle(1);
    rig.advance(31_000);
    rig.upkeep();
    Caller caller = rig.call(Use.CALL, 0, 1000);
    assertThat(caller.isWaiting()).isTrue();
    rig.finishDials();
    assertThat(caller.got()).isNotNull();
  }
}
