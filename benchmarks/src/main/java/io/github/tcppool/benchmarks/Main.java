package io.github.tcppool.benchmarks;

import io.github.tcppool.benchmarks.peers.Peers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Measures everything and prints one table.
 *
 * <p>Arguments: {@code --quick} for a short run, {@code --long} for ten minutes of full load
 * besides, {@code --only PARTS} for some of the parts {@code send,exchange,latency,tls,lease,
 * engine,growth,promises,costs}, {@code --docs DIRECTORY} to put the tables and plots there, {@code
 * --jmh-logs DIRECTORY} for the output of JMH.
 */
public final class Main {

  private static final int STEADY_MINUTES = 10;

  private final Set<String> parts;
  private final boolean quick;
  private final boolean steady;
  private final Path jmhLogs;
  private final Report report = new Report();
  private String costs = "";

  private Main(Set<String> parts, boolean quick, boolean steady, Path jmhLogs) {
    this.parts = parts;
    this.quick = quick;
    this.steady = steady;
    this.jmhLogs = jmhLogs;
  }

  /** Runs it all. */
  public static void main(String[] args) throws Exception {
    boolean quick = false;
    boolean steady = false;
    Path docs = null;
    Path jmhLogs = Path.of(".");
    Set<String> parts =
        Set.of(
            "send", "exchange", "latency", "tls", "lease", "engine", "growth", "promises", "costs");
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--quick" -> quick = true;
        case "--long" -> steady = true;
        case "--only" -> parts = Set.of(args[++i].split(","));
        case "--docs" -> docs = Path.of(args[++i]);
        case "--jmh-logs" -> jmhLogs = Path.of(args[++i]);
        default -> throw new IllegalArgumentException("unknown argument " + args[i]);
      }
    }
    Main main = new Main(parts, quick, steady, jmhLogs);
    main.measure();
    main.publish(docs);
    System.exit(0); // whatever a peer has left running
  }

  private void publish(@Nullable Path docs) throws IOException {
    String machine = Machine.describe();
    String section = machine + "\n\n" + report.table();
    System.out.println(section);
    System.out.println(costs);
    if (docs == null) {
      return;
    }
    String jdk = "jdk " + Runtime.version().feature();
    Table.replaceSection(docs.resolve("benchmarks.md"), jdk, section);
    if (!costs.isEmpty()) {
      Table.replaceSection(
          docs.resolve("design/hot-path.md"), "costs " + jdk, machine + "\n\n" + costs);
    }
    report.writeCharts(
        docs.resolve("benchmarks"), "-" + jdk.replace(" ", ""), Machine.describeBriefly());
  }

  private void measure() throws Exception {
    NetworkFigures network = new NetworkFigures(scope(), report);
    PromiseFigures promises = new PromiseFigures(quick, report);
    try (ServerProcess sink = ServerProcess.start(LoadServer.Mode.SINK);
        ServerProcess echo = ServerProcess.start(LoadServer.Mode.ECHO)) {
      if (parts.contains("send")) {
        network.send(sink);
        network.outbox(sink);
        network.allocation(sink, false);
      }
      if (parts.contains("exchange")) {
        network.exchange(echo);
        network.allocation(echo, true);
      }
      if (parts.contains("latency")) {
        for (int threads : quick ? List.of(1) : List.of(1, 16)) {
          network.latency(sink, false, threads);
          network.latency(echo, true, threads);
        }
      }
      if (parts.contains("promises")) {
        promises.fairness(sink);
        promises.waitingCosts(sink);
        promises.dials();
        promises.idle(sink);
        new RestartFigures(report).measure();
      }
      if (parts.contains("costs")) {
        report.begin("the steps of a call");
        costs = costs(sink, echo);
      }
      if (steady) {
        promises.steady(sink, echo, STEADY_MINUTES);
      }
    }
    if (parts.contains("tls")) {
      new TlsFigures(scope().pace(), report).measure();
    }
    inside();
  }

  /** What needs no server. */
  private void inside() throws Exception {
    Cycles.Pace pace = quick ? new Cycles.Pace(1, 2, 2, 200) : new Cycles.Pace(1, 3, 5, 500);
    List<String> peers = quick ? Peers.WHOLE_POOLS.subList(0, 4) : Peers.WHOLE_POOLS;
    CycleFigures cycles = new CycleFigures(new Cycles(pace, jmhLogs), peers, report);
    if (parts.contains("lease")) {
      cycles.leases();
    }
    if (parts.contains("engine")) {
      cycles.engine();
      cycles.others();
    }
    if (parts.contains("growth")) {
      GrowthFigures growth = new GrowthFigures(quick ? 50 : 300, report);
      growth.connections(quick ? List.of(1, 100) : List.of(1, 10, 100, 1_000));
      growth.endpoints(quick ? List.of(1, 100) : List.of(1, 10, 100, 1_000));
      growth.waiters(quick ? List.of(1, 100) : List.of(1, 10, 100, 1_000, 10_000));
    }
  }

  private NetworkFigures.Scope scope() {
    return quick
        ? new NetworkFigures.Scope(
            new Race.Pace(3, millis(250), millis(500)), List.of(1, 16), List.of(), false)
        : new NetworkFigures.Scope(
            new Race.Pace(7, millis(500), millis(1_000)),
            List.of(1, 2, 16, 64),
            List.of(1 << 10, 64 << 10),
            true);
  }

  private String costs(ServerProcess sink, ServerProcess echo) throws IOException {
    StringBuilder rows = new StringBuilder("| step | ns |\n|---|---:|\n");
    try (Costs steps = new Costs(sink, echo)) {
      steps
          .measure(quick ? 200 : 1_000)
          .forEach((step, nanos) -> rows.append(String.format("| %s | %.0f |%n", step, nanos)));
    }
    return rows.toString();
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
