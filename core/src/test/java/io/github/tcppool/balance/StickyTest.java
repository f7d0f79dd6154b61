package io.github.tcppool.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tcppool.Endpoint;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StickyTest {

  private static final int KEYS = 20_000;

  private final Balancer balancer = Balancer.sticky();

  /** Which endpoint each of many keys has. */
  private Endpoint[] owners(FakeCandidates fakes) {
    Endpoint[] owners = new Endpoint[KEYS];
    Arrays.setAll(owners, key -> fakes.endpoints[balancer.pick(fakes, "key-" + key)]);
    return owners;
  }

  private static double share(Endpoint[] owners, Endpoint endpoint) {
    return (double) Collections.frequency(Arrays.asList(owners), endpoint) / owners.length;
  }

  @Test
  void aKeyStaysWhereItIsWhateverTheOrderOfTheEndpoints() {
    FakeCandidates fakes = new FakeCandidates(7);
    Endpoint[] before = owners(fakes);
    Collections.shuffle(Arrays.asList(fakes.endpoints), new Random(1));

    assertThat(owners(fakes)).isEqualTo(before);
  }

  @Test
  void endpointsOfEqualWeightHaveEqualShares() {
    FakeCandidates fakes = new FakeCandidates(8);
    Endpoint[] owners = owners(fakes);
    for (Endpoint endpoint : fakes.endpoints) {
      assertThat(share(owners, endpoint)).isCloseTo(1.0 / 8, within(0.01));
    }
  }

  @Test
  void sharesFollowWeights() {
    FakeCandidates fakes = FakeCandidates.weighing(1, 2, 3, 4);
    Endpoint[] owners = owners(fakes);
    for (Endpoint endpoint : fakes.endpoints) {
      assertThat(share(owners, endpoint)).isCloseTo(endpoint.weight() / 10.0, within(0.015));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onlyTheKeysOfALeaverMoveAndTheySpreadOverAllOthers(boolean weighted) {
    FakeCandidates all =
        weighted ? FakeCandidates.weighing(3, 1, 2, 1, 1, 2) : new FakeCandidates(6);
    Endpoint leaver = all.endpoints[2];
    Endpoint[] before = owners(all);
    FakeCandidates rest =
        new FakeCandidates(
            Arrays.stream(all.endpoints).filter(e -> !e.equals(leaver)).toArray(Endpoint[]::new));
    Endpoint[] after = owners(rest);
    all.usable[2] = false;

    assertThat(owners(all)).as("dead or gone is the same").isEqualTo(after);
    Endpoint[] moved =
        IntStream.range(0, KEYS)
            .filter(key -> before[key].equals(leaver))
            .mapToObj(key -> after[key])
            .toArray(Endpoint[]::new);
    for (int key = 0; key < KEYS; key++) {
      if (!before[key].equals(leaver)) {
        assertThat(after[key]).isSameAs(before[key]);
      }
    }
    double weights = Arrays.stream(rest.endpoints).mapToInt(Endpoint::weight).sum();
    for (Endpoint other : rest.endpoints) {
      assertThat(share(moved, other)).isCloseTo(other.weight() / weights, within(0.05));
    }
  }

  @Test
  void aJoinerTakesItsShareAndNoOtherKeyMoves() {
    FakeCandidates five = new FakeCandidates(5);
    FakeCandidates six = new FakeCandidates(6);
    Endpoint[] before = owners(five);
    Endpoint[] after = owners(six);

    for (int key = 0; key < KEYS; key++) {
      if (!after[key].equals(before[key])) {
        assertThat(after[key]).isEqualTo(six.endpoints[5]);
      }
    }
    assertThat(share(after, six.endpoints[5])).isCloseTo(1.0 / 6, within(0.01));
  }

  @Test
  void aChangedWeightMovesKeysToThatEndpointOnly() {
    FakeCandidates fakes = FakeCandidates.weighing(1, 1, 1);
    Endpoint[] before = owners(fakes);
    fakes.endpoints[0] = fakes.endpoints[0].withWeight(2);
    Endpoint[] after = owners(fakes);

    for (int key = 0; key < KEYS; key++) {
      if (!after[key].equals(before[key])) {
        assertThat(after[key]).isEqualTo(fakes.endpoints[0]);
      }
    }
    assertThat(share(after, fakes.endpoints[0])).isCloseTo(0.5, within(0.015));
  }

  @Test
  void noEndpointHasMoreThanItsBoundWithOneKeyInHalfOfAllCalls() {
    int size = 8;
    FakeCandidates fakes = new FakeCandidates(size);
    Random random = new Random(3);
    Deque<Integer> underWay = new ArrayDeque<>();
    for (int call = 0; call < 50_000; call++) {
      Object key = random.nextBoolean() ? "hot" : "key-" + random.nextInt(1_000);
      int picked = balancer.pick(fakes, key);
      fakes.outstanding[picked]++;
      underWay.add(picked);
      assertThat(fakes.outstanding[picked])
          .isLessThanOrEqualTo((int) Math.ceil(1.25 * underWay.size() / size));
      if (underWay.size() > random.nextInt(200)) {
        fakes.outstanding[underWay.remove()]--;
      }
    }
  }

  @Test
  void whatIsTooMuchForOneGoesToTheNextInTheKeysOwnOrder() {
    FakeCandidates fakes = new FakeCandidates(4);
    int home = balancer.pick(fakes, "k");
    fakes.outstanding[home] = 10;
    int next = balancer.pick(fakes, "k");
    assertThat(next).isNotEqualTo(home);

    fakes.usable[home] = false;
    fakes.outstanding[home] = 0;
    assertThat(balancer.pick(fakes, "k")).isEqualTo(next);
  }

  @Test
  void withoutABoundAKeyStaysHoweverMuchItsEndpointHasToDo() {
    Balancer strict = Balancer.sticky(Double.POSITIVE_INFINITY);
    FakeCandidates fakes = new FakeCandidates(4);
    int home = strict.pick(fakes, "k");
    fakes.outstanding[home] = 1_000_000;

    assertThat(strict.pick(fakes, "k")).isEqualTo(home);
  }

  @Test
  void callsWithoutAKeyGoWhereTheLoadIsLeast() {
    FakeCandidates fakes = new FakeCandidates(3);
    fakes.load[0] = 1;
    fakes.load[2] = 1;

    assertThat(fakes.shares(balancer, 10)).containsExactly(0, 10, 0);
  }

  @Test
  void hostsWithEqualHashCodesAreStillTwo() {
    FakeCandidates fakes =
        new FakeCandidates(Endpoint.of("Aa.example", 1), Endpoint.of("BB.example", 1));
    assertThat("Aa.example").hasSameHashCodeAs("BB.example");
    assertThat(share(owners(fakes), fakes.endpoints[0])).isCloseTo(0.5, within(0.02));
  }

  @Test
  void aBoundBelowTheAverageIsRefused() {
    for (double bad : List.of(0.99, 0.0, -1.0, Double.NaN)) {
      assertThatThrownBy(() -> Balancer.sticky(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("load bound must be at least 1, but was " + bad);
    }
  }
}
