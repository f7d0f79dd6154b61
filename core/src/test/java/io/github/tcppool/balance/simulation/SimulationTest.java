package io.github.tcppool.balance.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tcppool.balance.Balancer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the balancers make of callers and servers, against what can be worked out by hand. */
class SimulationTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int CALLERS = 100;

  /** Calls a second if every call went to a server that takes the usual time. */
  private static final double IDEAL = CALLERS * 1e9 / Server.USUAL_NANOS;

  private static List<Server> servers(int count) {
    List<Server> servers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      servers.add(Server.named("server" + i));
    }
    return servers;
  }

  static Stream<Arguments> oracle() {
    return Stream.of(
        // Each call takes (3 * 1 + 10) / 4 times the usual time.
        Arguments.of("round robin", Balancer.roundRobin(), 1 / 3.25),
        Arguments.of("random", Balancer.random(), 1 / 3.25),
        // A quarter of the callers waits at each server, where the slow one makes a tenth of it.
        Arguments.of("least loaded", Balancer.leastLoaded(), 3.1 / 4),
        // Time times callers is the same everywhere: the slow one has 0.1 of 3.1 parts of them.
        Arguments.of("fastest", Balancer.fastest(), 3.01 / 3.1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oracle")
  void throughputWithOneServerOfFourTenTimesSlowerIsWhatCanBeWorkedOut(
      String name, Balancer balancer, double ofIdeal) {
    Simulation simulation = new Simulation(balancer, servers(4)).callers(CALLERS);
    simulation.servers.get(3).answerNanos *= 10;
    simulation.run(2 * SECOND);

    assertThat(simulation.throughput(10 * SECOND) / IDEAL)
        .isCloseTo(ofIdeal, within(0.1 * ofIdeal));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oracle")
  void equalServersGetEqualShares(String name, Balancer balancer, double unused) {
    for (int size : new int[] {3, 8}) {
      Simulation simulation = new Simulation(balancer, servers(size)).callers(CALLERS);
      simulation.run(10 * SECOND);
      assertEven(simulation);
    }
  }

  @Test
  void aLoneCallerSpreads() {
    for (Balancer balancer : List.of(Balancer.leastLoaded(), Balancer.fastest())) {
      Simulation simulation = new Simulation(balancer, servers(4)).callers(1);
      simulation.run(20 * SECOND);
      long all = simulation.servers.stream().mapToLong(server -> server.picks.total()).sum();
      for (Server server : simulation.servers) {
        assertThat((double) server.picks.total() / all).isBetween(0.15, 0.35);
      }
    }
  }

  private static void assertEven(Simulation simulation) {
    long all = 0;
    for (Server server : simulation.servers) {
      all += server.picks.total();
    }
    double fair = (double) all / simulation.servers.size();
    for (Server server : simulation.servers) {
      assertThat((double) server.picks.total()).isCloseTo(fair, within(0.1 * fair));
    }
  }

  @Test
  void aSlowServerThatNeverFailsLosesItsCallsWithinSecondsAndGetsThemBackWhenItRecovers() {
    Simulation simulation = new Simulation(Balancer.fastest(), servers(4)).callers(CALLERS);
    simulation.run(5 * SECOND);
    Server slow = simulation.servers.get(0);
    slow.answerNanos *= 10;
    simulation.run(3 * SECOND);
    assertThat(slow.picks.perSecond(simulation.nanoTime())).isLessThan(0.01 * IDEAL);
    assertThat(simulation.throughput(10 * SECOND)).isGreaterThan(0.9 * IDEAL);

    slow.answerNanos = Server.USUAL_NANOS;
    simulation.run(40 * SECOND);
    assertThat(slow.picks.perSecond(simulation.nanoTime()) / IDEAL).isCloseTo(0.25, within(0.05));
  }

  @Test
  void aServerThatStopsReadingStopsOnlyAFewCallersAsTheirBytesAreSeen() {
    Simulation simulation = new Simulation(Balancer.leastLoaded(), servers(8)).callers(CALLERS);
    simulation.run(5 * SECOND);
    Server frozen = simulation.servers.get(2);
    frozen.frozen = true;

    assertThat(simulation.throughput(10 * SECOND)).isGreaterThan(0.85 * IDEAL);
    assertThat(frozen.stuck).isBetween(1, 5);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oracle")
  void aNewServerGetsItsShareAndNoMore(String name, Balancer balancer, double unused) {
    Simulation simulation = new Simulation(balancer, servers(4)).callers(CALLERS);
    simulation.run(15 * SECOND);
    Server added = Server.named("added");
    simulation.servers.add(added);
    simulation.run(5 * SECOND);
    long before = added.picks.total();
    double all = simulation.throughput(10 * SECOND) * 10;

    assertThat((added.picks.total() - before) / all).isCloseTo(0.2, within(0.02));
  }

  @Test
  void aHotKeyKeepsItsServerBusyButNotBeyondItsBound() {
    Simulation simulation =
        new Simulation(Balancer.sticky(), servers(8))
            .keys(random -> random.nextBoolean() ? "hot" : "key-" + random.nextInt(1_000));
    simulation
        .watch(
            (server, at) ->
                assertThat(server.outstanding)
                    .isLessThanOrEqualTo((int) Math.ceil(1.25 * CALLERS / 8)))
        .callers(CALLERS);
    simulation.run(10 * SECOND);
    assertThat(simulation.servers).allMatch(server -> server.picks.total() > 0);
  }
}
