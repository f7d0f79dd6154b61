package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CloseReason;
import io.github.tcppool.EndpointHealth;
import io.github.tcppool.HealthPolicy;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.balance.Balancer;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthTest {

  private final Rig rig = rig(3);

  private static Rig rig(int endpoints) {
    Rig rig = new Rig(endpoints, Balancer.roundRobin(), o -> o.connections(0, 10));
    for (int i = 0; i < endpoints; i++) {
      warm(rig, i, 2);
    }
    return rig;
  }

  /** Makes idle connections that have proved themselves. */
  private static void warm(Rig rig, int endpoint, int connections) {
    for (int i = 0; i < connections; i++) {
      rig.call(Use.CALL, endpoint, 1000);
    }
    rig.finishDials();
    for (Caller caller : rig.callers) {
      caller.got().bytesRead = 1;
      rig.release(caller.got());
    }
    rig.callers.clear();
  }

  private EndpointHealth state(int endpoint) {
    return rig.at(endpoint).health().state();
  }

  private static void fail(Rig rig, int endpoint, Exception cause) {
    Caller caller = rig.call(Use.CALL, endpoint, 1000);
    if (caller.isWaiting()) {
      rig.finishDials();
    }
    FakeConnection connection = caller.got();
    connection.owners.decrementAndGet();
    rig.advance(1);
    rig.engine.results().failed(connection, CloseReason.PEER_RESET, (java.io.IOException) cause);
  }

  private static SocketException reset() {
    return new SocketException("Connection reset");
  }

  private void eject(int endpoint) {
    for (int i = 0; i < 5; i++) {
      fail(rig, endpoint, reset());
    }
    assertThat(state(endpoint)).isEqualTo(EndpointHealth.EJECTED);
  }

  /** How many of so many calls go to this endpoint. */
  private int callsTo(int endpoint, int calls) {
    int there = 0;
    for (int i = 0; i < calls; i++) {
      FakeConnection connection = rig.acquire();
      connection.bytesRead = 1;
      there += connection.endpoint.equals(rig.endpoints.get(endpoint)) ? 1 : 0;
      rig.release(connection);
    }
    return there;
  }

  // ---- failures in a row ----

  @Test
  void anEndpointIsEjectedAfterFiveFailuresInARow() {
    for (int i = 0; i < 4; i++) {
      fail(rig, 1, reset());
    }
    assertThat(state(1)).isEqualTo(EndpointHealth.UP);
    fail(rig, 1, reset());
    assertThat(state(1)).isEqualTo(EndpointHealth.EJECTED);
    assertThat(rig.at(1).health().reason()).isEqualTo("5 calls in a row failed: Connection reset");
    assertThat(rig.at(1).health().ejections()).isEqualTo(1);
    assertThat(rig.events(PoolEvent.HealthChanged.class)).hasSize(1);
    assertThat(rig.at(1).up()).as("it can be reached").isTrue();
    warm(rig, 1, 2);
    assertThat(callsTo(1, 30)).isZero();
  }

  @Test
  void aSuccessEndsTheRow() {
    for (int i = 0; i < 4; i++) {
      fail(rig, 1, reset());
    }
    warm(rig, 1, 1);
    fail(rig, 1, reset());
    assertThat(state(1)).isEqualTo(EndpointHealth.UP);
    assertThat(rig.at(1).health().failuresInRow()).isEqualTo(1);
    assertThat(rig.at(1).health().failedCalls()).isEqualTo(5);
  }

  @Test
  void callsThatWereUnderWayTogetherCountOnceUnlessTheyTimedOut() {
    warm(rig, 1, 10);
    failTogether(reset());
    assertThat(rig.at(1).health().failuresInRow()).isEqualTo(1);
    warm(rig, 1, 10);
    failTogether(new SocketTimeoutException("Read timed out"));
    assertThat(state(1)).isEqualTo(EndpointHealth.EJECTED);
  }

  private void failTogether(java.io.IOException cause) {
    List<FakeConnection> held =
        java.util.stream.Stream.generate(() -> rig.call(Use.CALL, 1, 1000).got()).limit(8).toList();
    rig.advance(5);
    for (FakeConnection connection : held) {
      connection.owners.decrementAndGet();
      rig.engine.results().failed(connection, CloseReason.PEER_RESET, cause);
    }
    rig.callers.clear();
  }

  @Test
  void interruptsNeverCount() {
    for (int i = 0; i < 10; i++) {
      fail(rig, 1, new InterruptedIOException("interrupted"));
    }
    assertThat(state(1)).isEqualTo(EndpointHealth.UP);
    assertThat(rig.at(1).health().failedCalls()).isZero();
  }

  @Test
  void onlyOneOfThreeIsEjectedAtATime() {
    eject(1);
    for (int i = 0; i < 20; i++) {
      fail(rig, 2, reset());
    }
    assertThat(state(2)).isEqualTo(EndpointHealth.UP);
  }

  @Test
  void theOnlyEndpointIsNeverEjected() {
    Rig one = rig(1);
    for (int i = 0; i < 20; i++) {
      fail(one, 0, reset());
    }
    assertThat(one.at(0).health().state()).isEqualTo(EndpointHealth.UP);
  }

  @Test
  void nobodyIsEjectedWhereTheTimeIsZero() {
    rig.update(o -> o.health(HealthPolicy.defaults().ejection(Duration.ZERO)));
    for (int i = 0; i < 20; i++) {
      fail(rig, 1, reset());
    }
    assertThat(state(1)).isEqualTo(EndpointHealth.UP);
  }

  // ---- panic ----

  @Test
  void anEjectedEndpointIsUsedWhenItIsTheLastOneLeft() {
    eject(1);
    warm(rig, 1, 2);
    down(0);
    down(2);
    assertThat(callsTo(1, 10)).isEqualTo(10);
    assertThat(state(1)).isEqualTo(EndpointHealth.EJECTED);
  }

  /** No connection is left, and none can be made. */
  private void down(int endpoint) {
    down(rig, endpoint);
  }

  private static void down(Rig rig, int endpoint) {
    rig.net.down.add(rig.endpoints.get(endpoint));
    for (FakeConnection connection : rig.net.opened) {
      if (connection.endpoint.equals(rig.endpoints.get(endpoint))) {
        connection.unfit = CloseReason.PEER_RESET;
      }
    }
    rig.call(Use.CALL, endpoint, 1);
    rig.finishDials();
    rig.advance(1);
    rig.callers.clear();
    assertThat(rig.at(endpoint).health().state()).isEqualTo(EndpointHealth.DOWN);
  }

  @Test
  void withTwoOfThreeDeadNoCallGoesToADeadOne() {
    down(0);
    down(2);
    int refused = rig.net.refused;
    assertThat(callsTo(1, 100)).isEqualTo(100);
    assertThat(rig.net.refused).isEqualTo(refused);
  }

  // ---- return ----

  @Test
  void anEjectionEndsWithOneTrialAndASlowStart() {
    eject(1);
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
    assertThat(callsTo(1, 10)).isZero();
    rig.release(trial);
    assertThat(state(1)).isEqualTo(EndpointHealth.SLOW_START);
    assertThat(callsTo(1, 100)).as("a tenth of a third").isBetween(2, 8);
    assertThat(rig.upkeep()).as("shares grow in steps").isLessThanOrEqualTo(100);
    rig.advance(5_000);
    rig.upkeep();
    assertThat(callsTo(1, 270)).as("0.79 / 2.79").isBetween(68, 86);
    rig.advance(5_000);
    rig.upkeep();
    assertThat(state(1)).isEqualTo(EndpointHealth.UP);
    assertThat(callsTo(1, 30)).isEqualTo(10);
  }

  @Test
  void aTrialThatFailsEjectsForTwiceAsLong() {
    eject(1);
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
  void anEndpointThatWasDownComesBackByATrialAndASlowStartOfItsConnections() {
    down(1);
    rig.net.down.clear();
    rig.advance(1000);
    rig.upkeep();
    rig.finishDials();
    assertThat(state(1)).isEqualTo(EndpointHealth.HALF_OPEN);
    assertThat(rig.at(1).total()).as("connections before the trial").isEqualTo(1);
    assertThat(callsTo(1, 3)).isEqualTo(1);
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

  // ---- what stands out ----

  @Test
  void anEndpointThatAnswersFarLaterForThreeSecondsIsEjected() {
    for (int second = 0; second < 3; second++) {
      assertThat(state(2)).isEqualTo(EndpointHealth.UP);
      for (int i = 0; i < 30; i++) {
        FakeConnection connection = rig.acquire();
        boolean slow = connection.endpoint.equals(rig.endpoints.get(2));
        rig.engine.results().answered(connection, slow ? 100_000_000 : 1_000_000, rig.now());
        rig.release(connection);
      }
      rig.advance(1_000);
      rig.upkeep();
    }
    assertThat(state(2)).isEqualTo(EndpointHealth.EJECTED);
    assertThat(rig.at(2).health().reason()).startsWith("answers take 100.0 ms");
  }

  @Test
  void anEndpointThatFailsFarMoreOftenIsEjected() {
    Rig five = rig(5);
    for (int i = 0; i < 250; i++) {
      for (int endpoint = 0; endpoint < 5; endpoint++) {
        if (endpoint == 3 && i % 2 == 0) {
          fail(five, 3, reset());
          five.callers.clear();
        } else {
          FakeConnection connection = five.call(Use.CALL, endpoint, 1000).got();
          five.release(connection);
          five.callers.clear();
        }
        if (five.engine.lane(3).connections().length == 0) {
          warm(five, 3, 1);
        }
      }
    }
    five.advance(10_000);
    five.upkeep();
    assertThat(five.at(3).health().state()).isEqualTo(EndpointHealth.EJECTED);
    assertThat(five.at(3).health().reason()).contains("% of calls succeeded");
  }

  // ---- doubt ----

  @Test
  void idleConnectionsAreLookedAtWhenADialFails() {
    rig.net.opened.stream()
        .filter(connection -> connection.endpoint.equals(rig.endpoints.get(1)))
        .forEach(connection -> connection.unfit = CloseReason.PEER_RESET);
    FakeConnection proven = warmExtra();
    proven.unfit = null;
    rig.net.down.add(rig.endpoints.get(1));
    for (int i = 0; i < 4; i++) {
      rig.call(Use.CALL, 1, 1000);
    }
    rig.finishDials();
    rig.upkeep();
    assertThat(rig.at(1).idle()).isZero();
  }

  @Test
  void aConnectionInUseIsLookedAtAndKeepsWhatItHasWhenADialFails() {
    rig.net.down.add(rig.endpoints.get(1));
    FakeConnection busy = rig.call(Use.CALL, 1, 1000).got();
    FakeConnection other = rig.call(Use.CALL, 1, 1000).got();
    rig.call(Use.CALL, 1, 1);
    rig.finishDials();
    rig.advance(1);
    assertThat(rig.engine.lane(1).doubted).isTrue();
    rig.release(busy);
    other.unfit = CloseReason.PEER_RESET;
    rig.release(other);
    rig.upkeep();
    assertThat(other.closedFor).isEqualTo(CloseReason.PEER_RESET);
    assertThat(busy.relaxed).isZero();
    rig.advance(1_000);
    rig.upkeep();
    assertThat(busy.relaxed).isEqualTo(1);
  }

  private FakeConnection warmExtra() {
    warm(rig, 1, 3);
    return rig.net.opened.get(rig.net.opened.size() - 1);
  }
}
