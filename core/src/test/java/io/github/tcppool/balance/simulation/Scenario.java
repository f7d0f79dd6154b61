package io.github.tcppool.balance.simulation;

import io.github.tcppool.balance.Balancer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is played to draw the plot of a balancer: servers, what happens to them, and how many calls
 * each of them has answered in each half second.
 */
final class Scenario {

  static final int CALLERS = 100;
  static final int SECONDS = 40;
  static final int STEPS_PER_SECOND = 2;

  private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1) / STEPS_PER_SECOND;

  /** Something that happens at a second, with what the plot says of the time from then on. */
  record Change(int second, String label, Runnable what) {}

  final String file;
  final String title;
  private final Simulation simulation;
  private final List<Change> changes = new ArrayList<>();

  /** Calls a second, by step and server. */
  final double[][] answered = new double[SECONDS * STEPS_PER_SECOND][5];

  private Scenario(String file, String title, Balancer balancer, List<Server> servers) {
    this.file = file;
    this.title = title;
    simulation = new Simulation(balancer, servers);
  }

  List<Change> changes() {
    return changes;
  }

  List<String> names() {
    return simulation.servers.stream().map(Server::name).toList();
  }

  private Scenario at(int second, String label, Runnable what) {
    changes.add(new Change(second, label, what));
    return this;
  }

  private Server server(int index) {
    return simulation.servers.get(index);
  }

  void play() {
    for (Change change : changes) {
      simulation.in(TimeUnit.SECONDS.toNanos(change.second), change.what);
    }
    simulation
        .watch(
            (server, at) ->
                answered[(int) Math.min(at / STEP_NANOS, answered.length - 1)][
                        simulation.servers.indexOf(server)] +=
                    STEPS_PER_SECOND)
        .callers(CALLERS)
        .run(TimeUnit.SECONDS.toNanos(SECONDS));
  }

  // ---- the scenarios ----

  static List<Scenario> all() {
    Scenario sticky =
        usual("sticky", "sticky: half of the calls have the same key", Balancer.sticky(), 1, 1);
    sticky.simulation.keys(any -> any.nextBoolean() ? "hot" : "key-" + any.nextInt(1_000));
    return List.of(
        usual("round-robin", "roundRobin", Balancer.roundRobin(), 1, 1),
        usual("random", "random", Balancer.random(), 1, 1),
        usual("least-loaded", "leastLoaded", Balancer.leastLoaded(), 1, 1),
        usual("fastest", "fastest", Balancer.fastest(), 1, 1),
        usual("weighted", "weighted: A weighs 4, B 3, C 2, D 1", Balancer.weighted(), 4, 1),
        failover(),
        sticky);
  }

  /** One server becomes slow and recovers, one dies, one comes back and another one joins. */
  private static Scenario usual(
      String file, String title, Balancer balancer, int heaviest, int lightest) {
    List<Server> servers = new ArrayList<>();
    for (String name : List.of("A", "B", "C", "D")) {
      servers.add(Server.named(name).weighing(Math.max(lightest, heaviest - servers.size())));
    }
    Scenario made = new Scenario(file, title, balancer, servers);
    return made.at(0, "all are well", () -> {})
        .at(10, "D is 10 times slower", () -> made.server(3).answerNanos *= 10)
        .at(
            20,
            "D is well, C is dead",
            () -> {
              made.server(3).answerNanos = Server.USUAL_NANOS;
              made.server(2).usable = false;
            })
        .at(
            30,
            "C is back, E joins",
            () -> {
              made.server(2).usable = true;
              made.simulation.servers.add(Server.named("E"));
            });
  }

  private static Scenario failover() {
    Scenario made =
        new Scenario(
            "failover",
            "failover: A and B have priority 0, C and D priority 1",
            Balancer.failover(),
            List.of(
                Server.named("A"),
                Server.named("B"),
                Server.named("C").ofPriority(1),
                Server.named("D").ofPriority(1)));
    return made.at(0, "all are well", () -> {})
        .at(10, "A is dead", () -> made.server(0).usable = false)
        .at(20, "B is dead too", () -> made.server(1).usable = false)
        .at(
            30,
            "both are back",
            () -> {
              made.server(0).usable = true;
              made.server(1).usable = true;
            });
  }
}
