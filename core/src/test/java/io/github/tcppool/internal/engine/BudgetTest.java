package io.github.tcppool.internal.engine;

import static io.github.tcppool.internal.engine.Ailments.rig;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the retry budget of a pool holds when it is needed. */
class BudgetTest {

  private final Rig rig = rig(2);

  private int repeats() {
    int repeats = 0;
    while (rig.engine.results().mayRepeat()) {
      repeats++;
    }
    return repeats;
  }

  /** Of a connection that is in use all the time. */
  private final FakeConnection busy = rig.call(Use.CALL, 0, 1000).got();

  @Test
  void theCallsOfTheBusyHoursBeforeAreForgotten() {
    for (int i = 0; i < 600; i++) {
      busy.messages += 2_000;
      rig.advance(1_000);
      rig.upkeep();
    }
    for (int i = 0; i < 60; i++) {
      rig.advance(1_000);
      rig.upkeep();
    }
    assertThat(repeats()).isBetween(100, 101);
  }

  @Test
  void itHoldsAFifthOfTheCallsOfTenSeconds() {
    for (int i = 0; i < 600; i++) {
      busy.messages += 2_000;
      rig.advance(1_000);
      rig.upkeep();
    }
    assertThat(repeats()).isBetween(3_900, 4_210);
  }

  @Test
  void callsOfAnEndpointThatLeavesAndComesBackEarnNothingTwice() {
    busy.messages = 1_000_000;
    rig.advance(1_000_000);
    assertThat(repeats()).isPositive();
    rig.change(rig.endpoints.get(1));
    assertThat(repeats()).isZero();
    rig.change(rig.endpoints.get(0), rig.endpoints.get(1));
    assertThat(repeats()).isZero();
    rig.change(rig.endpoints.get(1));
    rig.release(busy);
    assertThat(repeats()).isZero();
    rig.change(rig.endpoints.get(0), rig.endpoints.get(1));
    assertThat(repeats()).isZero();
  }
}
