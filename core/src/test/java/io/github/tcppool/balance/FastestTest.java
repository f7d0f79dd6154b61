package io.github.tcppool.balance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FastestTest {

  private final Balancer balancer = Balancer.fastest();
  private final FakeCandidates fakes = new FakeCandidates(3);

  @Test
  void theOneWithTheLeastExpectedTimeIsPicked() {
    fakes.roundTrips[0] = 1_000;
    fakes.roundTrips[1] = 400;
    fakes.roundTrips[2] = 700;
    assertThat(fakes.shares(balancer, 10)).containsExactly(0, 10, 0);

    fakes.outstanding[1] = 1; // 800 by now
    assertThat(fakes.shares(balancer, 10)).containsExactly(0, 0, 10);
  }

  @Test
  void oneThatWasNeverMeasuredGetsOneTrialAndNoSecondOneBesideIt() {
    fakes.roundTrips[0] = 1_000;
    fakes.roundTrips[1] = 1_000;
    fakes.outstanding[0] = 50;
    fakes.outstanding[1] = 50;
    assertThat(fakes.pick(balancer, null)).isEqualTo(2);

    fakes.outstanding[2] = 1;
    assertThat(fakes.shares(balancer, 10)[2]).isZero();
  }

  @Test
  void whereNothingIsMeasuredTheFewestCallsOutstandingDecide() {
    fakes.outstanding[0] = 3;
    fakes.outstanding[1] = 2;
    fakes.outstanding[2] = 4;
    assertThat(fakes.shares(balancer, 10)).containsExactly(0, 10, 0);
  }

  @Test
  void aLoneCallerWhoFindsAllAlikeSpreads() {
    assertThat(fakes.shares(balancer, 30)).containsExactly(10, 10, 10);
  }
}
