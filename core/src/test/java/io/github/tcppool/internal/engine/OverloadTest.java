package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.OverloadPolicy;
import io.github.tcppool.PoolExhaustedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OverloadTest {

  private static final OverloadPolicy EARLY = OverloadPolicy.none().rejectEarly(true);
  private static final OverloadPolicy SHED =
      OverloadPolicy.none().shed(Duration.ofMillis(5), Duration.ofMillis(100));

  private final Rig rig = new Rig(o -> o.connections(0, 1));
  private FakeConnection held;

  OverloadTest() {
    held = rig.idle(1).get(0);
    assertThat(rig.acquire()).isSameAs(held);
  }

  /** Whoever is first in the line is served after so long. */
  private void serve(Caller first, long millis) {
    rig.advance(millis);
    rig.release(held);
    held = first.got();
  }

  /** Lets the line learn that each place takes so long. */
  private void learn(long millisPerPlace) {
    for (int i = 0; i < 20; i++) {
      serve(rig.call(), millisPerPlace);
    }
    rig.callers.clear();
  }

  // ---- early rejection ----

  @Test
  void whoWouldBeServedAfterItsDeadlineIsTurnedAwayAtOnce() {
    rig.update(o -> o.overload(EARLY));
    learn(100);
    Caller first = rig.call();
    Caller second = rig.call();
    assertThat(rig.call(150).failure())
        .isInstanceOf(PoolExhaustedException.class)
        .hasMessageContaining("2 callers wait")
        .hasMessageContaining("too many to be served before the deadline");
    Caller patient = rig.call(250);
    assertThat(patient.isWaiting()).isTrue();
    serve(first, 100);
    serve(second, 100);
    serve(patient, 40);
  }

  @Test
  void whoFindsNobodyInTheLineAlwaysJoinsIt() {
    rig.update(o -> o.overload(EARLY));
    learn(100);
    assertThat(rig.call(10).isWaiting()).isTrue();
  }

  @Test
  void aLineThatMovesFasterIsJoinedAgain() {
    rig.update(o -> o.overload(EARLY));
    learn(1_000);
    learn(10);
    Caller first = rig.call();
    assertThat(rig.call(200).isWaiting()).isTrue();
    serve(first, 10);
  }

  @Test
  void whoIsServedWithoutWaitingTellsNothingOfTheLine() {
    rig.update(o -> o.overload(EARLY));
    learn(100);
    for (int i = 0; i < 50; i++) {
      rig.release(held);
      held = rig.acquire();
    }
    rig.call();
    assertThat(rig.call(50).failure()).isInstanceOf(PoolExhaustedException.class);
  }

  @Test
  void byDefaultEverybodyMayWait() {
    learn(100);
    rig.call();
    Caller late = rig.call(50);
    rig.advance(51);
    assertThat(late.failure()).isInstanceOf(CallTimeoutException.class);
  }

  // ---- shedding ----

  @Test
  void inALineThatStandsWhoHasWaitedTooLongIsTurnedAway() {
    rig.update(o -> o.overload(SHED));
    Caller first = rig.call();
    for (int i = 0; i < 12; i++) {
      Caller next = rig.call(); // so that the line is never empty
      serve(first, 9);
      assertThat(next.isWaiting()).as("the interval is not over").isTrue();
      first = next;
    }
    Caller old = rig.call();
    for (int i = 0; i < 3 && old.isWaiting(); i++) {
      Caller next = rig.call();
      serve(first, 11);
      first = next;
    }
    assertThat(old.failure())
        .isInstanceOf(PoolExhaustedException.class)
        .hasMessageContaining("for more than 5 ms for a while, this one for");
  }

  @Test
  void aLineThatIsServedSeldomStandsAsWell() {
    rig.update(o -> o.overload(SHED));
    Caller first = rig.call();
    Caller second = rig.call();
    Caller third = rig.call();
    Caller last = rig.call();
    serve(first, 250);
    assertThat(second.failure()).isInstanceOf(PoolExhaustedException.class);
    assertThat(third.failure()).isInstanceOf(PoolExhaustedException.class);
    assertThat(last.failure()).isInstanceOf(PoolExhaustedException.class);
  }

  @Test
  void aBurstThatPassesIsServedWhole() {
    rig.update(o -> o.overload(SHED));
    Caller[] burst = new Caller[20];
    for (int i = 0; i < burst.length; i++) {
      burst[i] = rig.call();
    }
    for (Caller caller : burst) {
      serve(caller, 4); // the last one after 80 ms
    }
    for (int i = 0; i < 100; i++) {
      Caller alone = rig.call();
      serve(alone, 7);
    }
  }

  @Test
  void aPauseInWhichNobodyWaitsIsNoOverload() {
    rig.update(o -> o.overload(SHED));
    Caller first = rig.call();
    for (int i = 0; i < 10; i++) {
      Caller next = rig.call();
      serve(first, 9);
      first = next;
    }
    serve(first, 9);
    rig.advance(10_000);
    Caller one = rig.call();
    Caller two = rig.call();
    serve(one, 50);
    serve(two, 1);
  }

  @Test
  void whoWaitedBeforeThePolicyWasInForceIsNotTurnedAwayForIt() {
    Caller before = rig.call();
    rig.advance(10_000);
    rig.update(o -> o.overload(SHED));
    Caller after = rig.call();
    serve(before, 1);
    serve(after, 1);
  }

  @Test
  void badValuesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OverloadPolicy.none().shed(Duration.ofNanos(1), Duration.ofMillis(100)))
        .withMessage("target of shedding must be at least 1 ms, but was PT0.000000001S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OverloadPolicy.none().shed(Duration.ofMillis(5), Duration.ofMillis(4)))
        .withMessage(
            "interval of shedding must be at least its target (PT0.005S), but was PT0.004S");
  }
}
