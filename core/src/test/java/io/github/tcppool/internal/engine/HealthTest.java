package io.github.tcppool.internal.engine;

import static io.github.tcppool.internal.engine.Ailments.callsTo;
import static io.github.tcppool.internal.engine.Ailments.down;
import static io.github.tcppool.internal.engine.Ailments.eject;
import static io.github.tcppool.internal.engine.Ailments.fail;
import static io.github.tcppool.internal.engine.Ailments.reset;
import static io.github.tcppool.internal.engine.Ailments.rig;
import static io.github.tcppool.internal.engine.Ailments.warm;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CloseReason;
import io.github.tcppool.EndpointHealth;
import io.github.tcppool.HealthPolicy;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.internal.net.NoDescriptorException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthTest {

  private final Rig rig = rig(3);

  private EndpointHealth state(int endpoint) {
    return rig.at(endpoint).health().state();
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
    assertThat(callsTo(rig, 1, 30)).isZero();
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
  void wantOfADescriptorNeverCounts() {
    for (int i = 0; i < 10; i++) {
      fail(rig, 1, new NoDescriptorException(new IOException("Too many open files")));
    }
    assertThat(state(1)).isEqualTo(EndpointHealth.UP);
    assertThat(rig.at(1).health().failedCalls()).isZero();
  }

  @Test
  void whatIsReturnedUnusedEndsNoRowAndPassesNoTrial() {
    for (int i = 0; i < 4; i++) {
      fail(rig, 1, reset());
    }
    returnUnused();
    fail(rig, 1, reset());
    assertThat(state(1)).isEqualTo(EndpointHealth.EJECTED);
    rig.advance(33_100);
    rig.upkeep();
    rig.finishDials();
    returnUnused();
    assertThat(state(1)).isEqualTo(EndpointHealth.HALF_OPEN);
    warm(rig, 1, 1);
    assertThat(state(1)).isEqualTo(EndpointHealth.SLOW_START);
  }

  private void returnUnused() {
    warmUnproven();
    FakeConnection unused = rig.call(Use.CALL, 1, 1000).got();
    unused.owners.decrementAndGet();
    rig.engine.release(unused, Use.CALL, rig.now(), false);
  }

  private void warmUnproven() {
    Caller caller = rig.call(Use.CALL, 1, 1000);
    rig.finishDials();
    FakeConnection made = caller.got();
    made.owners.decrementAndGet();
    rig.engine.release(made, Use.CALL, rig.now(), false);
    rig.callers.clear();
  }

  @Test
  void onlyOneOfThreeIsEjectedAtATime() {
    eject(rig, 1);
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

  // ---- order ----

  @Test
  void changesHaveTheirPlaceBeforeAnybodyIsToldOfThem() {
    eject(rig, 1);
    down(rig, 0);
    assertThat(rig.events(PoolEvent.HealthChanged.class)).hasSizeGreaterThanOrEqualTo(2);
    assertThat(rig.linedUp)
        .containsExactlyElementsOf(
            rig.events.stream()
                .filter(
                    event ->
                        event instanceof PoolEvent.HealthChanged
                            || event instanceof PoolEvent.EndpointDown)
                .toList());
  }

  // ---- panic ----

  @Test
  void anEjectedEndpointIsUsedWhenItIsTheLastOneLeft() {
    eject(rig, 1);
    warm(rig, 1, 2);
    down(rig, 0);
    down(rig, 2);
    assertThat(callsTo(rig, 1, 10)).isEqualTo(10);
    assertThat(state(1)).isEqualTo(EndpointHealth.EJECTED);
  }

  @Test
  void withTwoOfThreeDeadNoCallGoesToADeadOne() {
    down(rig, 0);
    down(rig, 2);
    int refused = rig.net.refused;
    assertThat(callsTo(rig, 1, 100)).isEqualTo(100);
    assertThat(rig.net.refused).isEqualTo(refused);
  }

  // ---- what stands out ----

  @Test
  void anEndpointThatAnswersFarLaterForThreeSecondsIsEjected() {
    for (int second = 0; second < 3; second++) {
      assertThat(state(2)).isEqualTo(EndpointHealth.UP);
      slowSecond();
    }
    assertThat(state(2)).isEqualTo(EndpointHealth.EJECTED);
    assertThat(rig.at(2).health().reason()).startsWith("answers take 100.0 ms");
  }

  @Test
  void aSecondWithoutCallsEndsTheRowOfSlowOnes() {
    slowSecond();
    slowSecond();
    quietSecond();
    slowSecond();
    slowSecond();
    assertThat(state(2)).isEqualTo(EndpointHealth.UP);
    slowSecond();
    assertThat(state(2)).isEqualTo(EndpointHealth.EJECTED);
  }

  @Test
  void aSecondInWhichAnAnswerIsWaitedForDoesNotEndTheRowOfSlowOnes() {
    slowSecond();
    slowSecond();
    FakeConnection waiting = rig.call(Use.CALL, 2, 1000).got();
    quietSecond();
    rig.release(waiting);
    slowSecond();
    assertThat(state(2)).isEqualTo(EndpointHealth.EJECTED);
  }

  private void slowSecond() {
    for (int i = 0; i < 30; i++) {
      FakeConnection connection = rig.acquire();
      boolean slow = connection.endpoint.equals(rig.endpoints.get(2));
      rig.engine.results().answered(connection, slow ? 100_000_000 : 1_000_000, rig.now());
      rig.release(connection);
    }
    quietSecond();
  }

  private void quietSecond() {
    rig.advance(1_000);
    rig.upkeep();
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
