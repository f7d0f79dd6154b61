package io.github.tcppool.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BalancersTest {

  private static Balancer[] all() {
    return new Balancer[] {
      Balancer.roundRobin(),
      Balancer.random(),
      Balancer.leastLoaded(),
      Balancer.fastest(),
      Balancer.weighted(),
      Balancer.failover(),
      Balancer.sticky()
    };
  }

  @Test
  void onlyThoseBindTheirCallersForWhichTheEndpointMatters() {
    assertThat(all())
        .filteredOn(Balancer::isBinding)
        .hasExactlyElementsOfTypes(Failover.class, Sticky.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 9})
  void anUnusableEndpointIsNeverPickedWhileAnotherOneIsUsable(int size) {
    for (Balancer balancer : all()) {
      for (int alive = 0; alive < size; alive++) {
        FakeCandidates fakes = new FakeCandidates(size);
        Arrays.fill(fakes.usable, false);
        fakes.usable[alive] = true;
        int[] shares = fakes.shares(balancer, 50);
        assertThat(shares[alive]).as("%s, %d of %d", balancer, alive, size).isEqualTo(50);
      }
    }
  }

  @Test
  void whereNoneIsUsableAllArePicked() {
    for (Balancer balancer : all()) {
      FakeCandidates fakes = new FakeCandidates(3);
      Arrays.fill(fakes.usable, false);
      assertThat(fakes.shares(balancer, 300)).as("%s", balancer).doesNotContain(0);
    }
  }

  @Test
  void callsWithAKeyFindTheOneUsableEndpointToo() {
    for (Balancer balancer : all()) {
      FakeCandidates fakes = new FakeCandidates(5);
      Arrays.fill(fakes.usable, false);
      fakes.usable[3] = true;
      for (int key = 0; key < 20; key++) {
        assertThat(fakes.pick(balancer, key)).as("%s", balancer).isEqualTo(3);
      }
    }
  }

  @Test
  void aListThatChangesBetweenTwoPicksIsTakenAsItIs() {
    for (Balancer balancer : all()) {
      for (int size : new int[] {5, 1, 9, 2, 3, 12, 4}) {
        int[] shares = new FakeCandidates(size).shares(balancer, 100 * size);
        assertThat(shares).as("%s of %d", balancer, size).hasSize(size).doesNotContain(0);
      }
    }
  }

  @Test
  void theShareOfADeadNeighbourGoesToAllOthersEvenly() {
    for (Balancer balancer : all()) {
      for (int size : new int[] {4, 8}) {
        FakeCandidates fakes = new FakeCandidates(size);
        fakes.usable[2] = false;
        int each = 6_000;
        int[] shares = fakes.shares(balancer, each * (size - 1));
        for (int i = 0; i < size; i++) {
          int expected = i == 2 ? 0 : each;
          assertThat(shares[i])
              .as("%s, share %d of %d", balancer, i, size)
              .isBetween(expected * 92 / 100, expected * 108 / 100);
        }
      }
    }
  }

  @Test
  void anEndpointThatWarmsUpIsAskedOncePerPickAndGetsAboutThatPartOfItsShare() {
    Balancer[] even = {Balancer.roundRobin(), Balancer.random(), Balancer.weighted()};
    for (Balancer balancer : even) {
      FakeCandidates fakes = new FakeCandidates(4);
      fakes.oneIn[1] = 2;
      int[] shares = fakes.shares(balancer, 12_000);
      assertThat((double) shares[1] / shares[0]).as("%s", balancer).isBetween(0.38, 0.55);
      assertThat((double) shares[2] / shares[0]).as("%s", balancer).isBetween(0.9, 1.1);
    }
    for (Balancer balancer : all()) {
      FakeCandidates fakes = new FakeCandidates(4);
      fakes.oneIn[1] = 10;
      int[] shares = fakes.shares(balancer, 12_000);
      assertThat(shares[1]).as("%s", balancer).isBetween(200, 1_300);
    }
  }

  @Test
  void roundRobinGivesEachItsTurn() {
    Balancer balancer = Balancer.roundRobin();
    FakeCandidates fakes = new FakeCandidates(3);
    for (int i = 0; i < 9; i++) {
      assertThat(balancer.pick(fakes, null)).isEqualTo(i % 3);
    }
  }

  @Test
  void roundRobinSharesTheTurnsOfAnUnusableEndpointEvenly() {
    FakeCandidates fakes = new FakeCandidates(4);
    fakes.usable[1] = false;

    assertThat(fakes.shares(Balancer.roundRobin(), 3000)).containsExactly(1000, 0, 1000, 1000);
  }

  @Test
  void roundRobinGoesOnWhenTheNumberOfEndpointsChanges() {
    Balancer balancer = Balancer.roundRobin();
    new FakeCandidates(5).shares(balancer, 4);

    assertThat(new FakeCandidates(2).shares(balancer, 100)).containsExactly(50, 50);
  }

  @Test
  void randomGivesEachAboutTheSame() {
    for (int share : new FakeCandidates(4).shares(Balancer.random(), 40_000)) {
      assertThat(share).isBetween(9_500, 10_500);
    }
  }

  @Test
  void randomLetsNoNeighbourInheritADeadEndpointsShare() {
    FakeCandidates fakes = new FakeCandidates(4);
    fakes.usable[2] = false;
    int[] shares = fakes.shares(Balancer.random(), 30_000);

    assertThat(shares[2]).isZero();
    for (int other : new int[] {0, 1, 3}) {
      assertThat(shares[other]).isBetween(9_500, 10_500);
    }
  }

  @Test
  void leastLoadedTakesTheOneWithTheLeastToDo() {
    FakeCandidates fakes = new FakeCandidates(4);
    for (int least = 0; least < 4; least++) { // all are compared
      Arrays.fill(fakes.load, 5);
      fakes.load[least] = 4;
      assertThat(fakes.shares(Balancer.leastLoaded(), 20)[least]).isEqualTo(20);
    }
  }

  @Test
  void leastLoadedSpreadsALoneCallerWhoFindsAllEquallyIdle() {
    assertThat(new FakeCandidates(3).shares(Balancer.leastLoaded(), 30))
        .containsExactly(10, 10, 10);
  }

  @Test
  void leastLoadedComparesTwoOfManyAndAvoidsTheHeaviest() {
    FakeCandidates fakes = new FakeCandidates(8);
    fakes.load[3] = 1_000;
    int[] shares = fakes.shares(Balancer.leastLoaded(), 8_000);

    assertThat(shares[3]).as("it loses every comparison").isZero();
    assertThat(Arrays.stream(shares).filter(share -> share > 800).count()).isEqualTo(7);
  }
}
