package io.github.tcppool.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tcppool.Endpoint;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightedTest {

  private final Balancer balancer = Balancer.weighted();

  static Stream<int[]> weights() {
    Random random = new Random(5);
    return Stream.concat(
        Stream.of(
            new int[] {1, 1, 1},
            new int[] {5, 1, 1},
            new int[] {10, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
            new int[] {300, 200, 100},
            new int[] {997, 1009, 1013, 2},
            new int[] {1, 16_383}),
        Stream.generate(() -> random.ints(2 + random.nextInt(12), 1, 60).toArray()).limit(40));
  }

  @ParameterizedTest
  @MethodSource("weights")
  void sharesAreExactOverEachPeriod(int[] weights) {
    FakeCandidates fakes = FakeCandidates.weighing(weights);
    int[] reduced = Period.reduced(weights);
    int period = IntStream.of(reduced).sum();
    for (int i = 0; i < 3; i++) {
      assertThat(fakes.shares(balancer, period)).containsExactly(reduced);
    }
  }

  @ParameterizedTest
  @MethodSource("weights")
  void noEndpointIsEverAWholePickAheadOfItsQuotaOrBehindIt(int[] weights) {
    FakeCandidates fakes = FakeCandidates.weighing(weights);
    long sum = IntStream.of(weights).asLongStream().sum();
    long[] had = new long[weights.length];
    for (int turn = 1; turn <= 2 * IntStream.of(Period.reduced(weights)).sum(); turn++) {
      had[fakes.pick(balancer, null)]++;
      for (int i = 0; i < weights.length; i++) {
        double ahead = had[i] - (double) weights[i] * turn / sum;
        assertThat(ahead).as("%d after %d", i, turn).isStrictlyBetween(-1.0, 1.0);
      }
    }
  }

  @Test
  void callersOfManyThreadsGetExactSharesToo() {
    FakeCandidates fakes = FakeCandidates.weighing(5, 3, 2);
    AtomicIntegerArray shares = new AtomicIntegerArray(3);
    balancer.pick(fakes, null); // makes the period, so that no other one is made beside it
    IntStream.range(0, 8)
        .parallel()
        .forEach(
            thread ->
                IntStream.range(0, 12_500)
                    .forEach(i -> shares.incrementAndGet(balancer.pick(fakes, null))));
    assertThat(shares).hasToString("[50000, 30000, 20000]");
  }

  @Test
  void weightsThatAddUpToTooMuchAreRoundedAndNoneIsForgotten() {
    int[] weights = {Integer.MAX_VALUE, Integer.MAX_VALUE, 1_000_000_007, 1};
    int period = IntStream.of(Period.reduced(weights)).sum();
    int[] shares = FakeCandidates.weighing(weights).shares(balancer, 10 * period);

    double sum = IntStream.of(weights).asDoubleStream().sum();
    for (int i = 0; i < 3; i++) {
      assertThat(shares[i]).isCloseTo((int) (10 * period * (weights[i] / sum)), within(100));
    }
    assertThat(shares[3]).isEqualTo(10);
    assertThat(period).isCloseTo(Period.MAX_TURNS, within(4));
  }

  @Test
  void theOthersKeepTheirProportionsWhileOneIsNotUsable() {
    FakeCandidates fakes = FakeCandidates.weighing(4, 3, 2, 1);
    fakes.usable[0] = false;
    assertThat(fakes.shares(balancer, 6_000)).containsExactly(0, 3_000, 2_000, 1_000);
    fakes.usable[0] = true;
    assertThat(fakes.shares(balancer, 10_000)).containsExactly(4_000, 3_000, 2_000, 1_000);
    Arrays.fill(fakes.usable, false);
    assertThat(fakes.shares(balancer, 10)).containsExactly(4, 3, 2, 1);
  }

  @Test
  void aChangedWeightCountsFromTheNextPickOn() {
    FakeCandidates fakes = FakeCandidates.weighing(1, 1);
    int[] before = fakes.shares(balancer, 3);
    assertThat(before[0] + before[1]).isEqualTo(3);
    fakes.endpoints[1] = Endpoint.of("server1", 1000).withWeight(3);

    assertThat(fakes.shares(balancer, 400)).containsExactly(100, 300);
  }
}
