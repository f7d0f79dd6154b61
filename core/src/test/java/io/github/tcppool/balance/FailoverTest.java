package io.github.tcppool.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tcppool.Endpoint;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailoverTest {

  private static final int PER_PRIORITY = 100;

  private final Balancer balancer = Balancer.failover();

  /** Endpoints of several priorities, of which this many in a hundred are usable. */
  private static FakeCandidates usable(int... perHundred) {
    Endpoint[] endpoints = new Endpoint[perHundred.length * PER_PRIORITY];
    Arrays.setAll(
        endpoints, i -> Endpoint.of("server" + i, 1000).withPriority(10 * (i / PER_PRIORITY)));
    FakeCandidates fakes = new FakeCandidates(endpoints);
    for (int i = 0; i < endpoints.length; i++) {
      fakes.usable[i] = i % PER_PRIORITY < perHundred[i / PER_PRIORITY];
    }
    return fakes;
  }

  private double[] percentages(FakeCandidates fakes) {
    int picks = 4_000;
    double[] percentages = new double[fakes.size() / PER_PRIORITY];
    int[] shares = fakes.shares(balancer, picks);
    for (int i = 0; i < shares.length; i++) {
      percentages[i / PER_PRIORITY] += 100.0 * shares[i] / picks;
      assertThat(shares[i] == 0 || fakes.usable[i] || !fakes.isAnyUsable()).isTrue();
    }
    return percentages;
  }

  /** The table of Envoy's documentation, "Priority levels", and some rows of our own. */
  @ParameterizedTest(name = "{0} % and {1} % usable")
  @CsvSource({
    "100, 100, 100,   0",
    " 72,  72, 100,   0",
    " 71,  71,  99,   1",
    " 50,  50,  70,  30",
    " 25, 100,  35,  65",
    "  0, 100,   0, 100",
    " 25,  25,  50,  50",
    "  5,  65,   7,  93",
    "  0,  10,   0, 100"
  })
  void callsSpillToTheNextPriorityAsEnvoyTabulates(int first, int second, int to, int spilt) {
    double[] percentages = percentages(usable(first, second));

    assertThat(percentages[0]).isCloseTo(to, within(3.5));
    assertThat(percentages[1]).isCloseTo(spilt, within(3.5));
  }

  @Test
  void whatTwoPrioritiesCannotCarryGoesToTheThird() {
    assertThat(percentages(usable(25, 25, 100)))
        .satisfies(p -> assertThat(p[0]).isCloseTo(35, within(3.5)))
        .satisfies(p -> assertThat(p[1]).isCloseTo(35, within(3.5)))
        .satisfies(p -> assertThat(p[2]).isCloseTo(30, within(3.5)));
  }

  @Test
  void whereNoneIsUsableAllAreTried() {
    assertThat(percentages(usable(0, 0))[1]).isCloseTo(50, within(5.0));
  }

  @Test
  void withinAPriorityTheLeastLoadedIsPicked() {
    FakeCandidates fakes =
        new FakeCandidates(
            Endpoint.of("a", 1),
            Endpoint.of("b", 1),
            Endpoint.of("c", 1),
            Endpoint.of("spare", 1).withPriority(1));
    fakes.load[0] = 5;
    fakes.load[1] = 2;
    fakes.load[2] = 3;

    assertThat(fakes.shares(balancer, 100)).containsExactly(0, 100, 0, 0);
  }
}
