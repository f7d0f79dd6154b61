package io.github.tcppool.benchmarks;

import io.github.tcppool.benchmarks.Contender.Operation;
import io.github.tcppool.benchmarks.Measured.Figure;
import io.github.tcppool.benchmarks.Measured.Goal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** What crosses the network: `send`, `outbox`, `exchange`, leases with I/O, latencies. */
final class NetworkFigures {

  /** How much is measured. */
  record Scope(Race.Pace pace, List<Integer> threads, List<Integer> bytes, boolean peers) {}

  private static final String POOL = "tcp-pool";
  private static final String RAW = "raw Socket";
  private static final int CONNECTIONS = 10;
  private static final int SMALL = Contender.MESSAGE_BYTES;
  private static final int VIRTUAL_THREADS = 2_000;
  private static final int ALLOCATION_OPERATIONS = 200_000;

  private final Scope scope;
  private final Report report;

  NetworkFigures(Scope scope, Report report) {
    this.scope = scope;
    this.report = report;
  }

  void send(ServerProcess sink) throws IOException, InterruptedException {
    int port = sink.port();
    for (int threads : scope.threads()) {
      String what = "`send` 64 B, " + count(threads) + ", 10 connections, k/s";
      report.begin(what);
      try (Field field =
          new Field()
              .with(POOL, () -> PoolContender.sending(port, CONNECTIONS, SMALL))
              .with(RAW, () -> RawContender.sending(port, CONNECTIONS, SMALL))
              .with(
                  "raw SocketChannel", () -> ChannelContender.sending(port, CONNECTIONS, SMALL))) {
        if (scope.peers()) {
          field
              .with(
                  "commons-pool2 of sockets",
                  () -> new CommonsContender(port, CONNECTIONS, false, SMALL))
              .with(
                  "Netty FixedChannelPool",
                  () -> new NettyContender(port, CONNECTIONS, false, SMALL))
              .with("Spring caching factory", () -> new SpringContender(port, CONNECTIONS, SMALL));
        }
        Goal goal = threads > 2 ? Goal.atLeast(1, RAW) : Goal.atLeast(0.9, RAW);
        race(
                sink,
                what,
                NetworkFigures::thousands,
                field,
                Race.Load.full(threads, Threads.platform(), SMALL),
                goal)
            .plot("send", "Messages of 64 bytes sent over 10 connections", count(threads));
      }
    }
    virtualSend(sink);
    for (int bytes : scope.bytes()) {
      String what = "`send` " + size(bytes) + ", 1 thread, 10 connections, k/s";
      report.begin(what);
      try (Field field =
          new Field()
              .with(POOL, () -> PoolContender.sending(port, CONNECTIONS, bytes))
              .with(RAW, () -> RawContender.sending(port, CONNECTIONS, bytes))) {
        Race.Load load = Race.Load.full(1, Threads.platform(), bytes);
        race(sink, what, NetworkFigures::thousands, field, load, Goal.atLeast(0.9, RAW));
      }
    }
  }

  private void virtualSend(ServerProcess sink) throws IOException, InterruptedException {
    String what = "`send` 64 B, 2,000 virtual threads, 10 connections, k/s";
    ThreadFactory factory = Threads.virtual();
    if (factory == null) {
      report.add(missing(what));
      return;
    }
    report.begin(what);
    int port = sink.port();
    try (Field field =
        new Field()
            .with(POOL, () -> PoolContender.sending(port, CONNECTIONS, SMALL))
            .with(RAW, () -> RawContender.sending(port, CONNECTIONS, SMALL))) {
      Race.Load load = Race.Load.full(VIRTUAL_THREADS, factory, SMALL);
      race(sink, what, NetworkFigures::thousands, field, load, Goal.atLeast(0.9, RAW))
          .plot("send", "Messages of 64 bytes sent over 10 connections", "2,000 virtual threads");
    }
  }

  void outbox(ServerProcess sink) throws IOException, InterruptedException {
    int port = sink.port();
    for (int threads : List.of(1, 16)) {
      String what = "`outbox` 64 B, " + count(threads) + ", 10 connections, k/s";
      report.begin(what);
      try (Field field =
          new Field()
              .with(POOL + " outbox", () -> OutboxContender.sending(port, CONNECTIONS))
              .with(RAW, () -> RawContender.sending(port, CONNECTIONS, SMALL))) {
        Race.Load load = Race.Load.full(threads, Threads.platform(), SMALL);
        race(sink, what, NetworkFigures::thousands, field, load, Goal.atLeast(10, RAW));
      }
    }
  }

  void exchange(ServerProcess echo) throws IOException, InterruptedException {
    median(echo);
    int port = echo.port();
    for (int threads : scope.threads()) {
      if (threads > 1) {
        rate(echo, threads, count(threads), Threads.platform(), threads, SMALL);
      }
    }
    ThreadFactory virtual = Threads.virtual();
    if (virtual == null) {
      report.add(missing("`exchange` 64 B, 2,000 virtual threads, k/s"));
    } else {
      rate(echo, VIRTUAL_THREADS, "2,000 virtual threads", virtual, VIRTUAL_THREADS, SMALL);
    }
    for (int bytes : scope.bytes()) {
      rate(echo, 1, "1 thread", Threads.platform(), 1, bytes);
    }
    String what = "`lease`, write, read, return, 64 B, 16 threads, 10 connections, k/s";
    report.begin(what);
    try (Field field =
        new Field()
            .with(POOL, () -> PoolContender.leasing(port, CONNECTIONS, SMALL))
            .with(
                "commons-pool2 of sockets",
                () -> new CommonsContender(port, CONNECTIONS, true, SMALL))) {
      Race.Load load = Race.Load.full(16, Threads.platform(), SMALL);
      race(
          echo,
          what,
          NetworkFigures::thousands,
          field,
          load,
          Goal.atLeast(1, "commons-pool2 of sockets"));
    }
  }

  private void median(ServerProcess echo) throws IOException, InterruptedException {
    int port = echo.port();
    String what = "`exchange` 64 B, 1 thread, median, µs";
    report.begin(what);
    try (Field field = exchanging(port, 1, SMALL)) {
      Race race = new Race(echo, scope.pace(), Race.Load.timed(SMALL)).run(field.all());
      report.add(Measured.race(what, 2, race, Round.Result::medianMicros, Goal.atMost(1.15, RAW)));
      String rate = "`exchange` 64 B, 1 thread, k/s";
      Measured rates = Measured.race(rate, 1, race, NetworkFigures::thousands, null);
      report.add(rates);
      Report.plot(exchangeChart(), "1 thread", rates);
    }
  }

  private Chart exchangeChart() {
    return report.chart(
        "exchange", "Requests of 64 bytes and their replies", "thousands per second", false);
  }

  private Field exchanging(int port, int connections, int bytes) throws IOException {
    Field field =
        new Field()
            .with(POOL, () -> PoolContender.exchanging(port, connections, bytes))
            .with(RAW, () -> RawContender.exchanging(port, connections, bytes))
            .with("raw SocketChannel", () -> ChannelContender.exchanging(port, connections, bytes));
    if (scope.peers() && connections < VIRTUAL_THREADS) {
      field
          .with(
              "commons-pool2 of sockets",
              () -> new CommonsContender(port, connections, true, bytes))
          .with("Netty FixedChannelPool", () -> new NettyContender(port, connections, true, bytes));
    }
    return field;
  }

  private void rate(
      ServerProcess echo,
      int threads,
      String who,
      ThreadFactory factory,
      int connections,
      int bytes)
      throws IOException, InterruptedException {
    String what = "`exchange` " + size(bytes) + ", " + who + ", k/s";
    report.begin(what);
    try (Field field = exchanging(echo.port(), connections, bytes)) {
      Race.Load load = Race.Load.full(threads, factory, bytes);
      Raced raced =
          race(echo, what, NetworkFigures::thousands, field, load, Goal.atLeast(0.9, RAW));
      if (bytes == SMALL) {
        raced.plot("exchange", "Requests of 64 bytes and their replies", who);
      }
    }
  }

  // ---- latency at half of the greatest rate ----

  /** Of threads by a timetable, so that a stall counts for all who had to wait for it. */
  void latency(ServerProcess server, boolean exchanging, int threads)
      throws IOException, InterruptedException {
    String verb = exchanging ? "`exchange`" : "`send`";
    int port = server.port();
    int connections = exchanging ? threads : CONNECTIONS;
    report.begin(verb + " 64 B, latency at half of the greatest rate, " + count(threads));
    try (Field field =
        new Field()
            .with(
                POOL,
                () ->
                    exchanging
                        ? PoolContender.exchanging(port, connections, SMALL)
                        : PoolContender.sending(port, connections, SMALL))
            .with(
                RAW,
                () ->
                    exchanging
                        ? RawContender.exchanging(port, connections, SMALL)
                        : RawContender.sending(port, connections, SMALL))) {
      Race.Pace brief = new Race.Pace(3, scope.pace().roundNanos() / 2, scope.pace().warmUpNanos());
      Race.Load most = Race.Load.full(threads, Threads.platform(), SMALL);
      Race full = new Race(server, brief, most).run(field.all());
      double half = full.of(POOL, Round.Result::perSecond).median() / 2;
      Race.Load load = Race.Load.paced(threads, SMALL, (long) (1e9 * threads / half));
      Race race = new Race(server, scope.pace(), load).run(field.all());
      String what =
          String.format(
              Locale.ROOT, "%s 64 B, %s at %.0f k/s in all", verb, count(threads), half / 1e3);
      for (double percentile : new double[] {50, 99, 99.9, 100}) {
        latency(what, race, percentile, threads == 1 ? verb : "");
      }
    }
  }

  /** One row; with a verb also one bar of the plot. */
  private void latency(String what, Race race, double percentile, String verb) {
    String name = percentile == 100 ? "max" : "p" + trimmed(percentile);
    ToDoubleFunction<Round.Result> figure = round -> round.percentileMicros(percentile);
    List<Figure> figures = new ArrayList<>();
    for (String who : race.names()) {
      Histogram all = race.latencyNanos(who);
      double whole = all.getValueAtPercentile(percentile) / 1e3;
      Spread rounds = race.of(who, figure);
      Spread shown = new Spread(whole, rounds.min(), rounds.max());
      figures.add(
          who.equals(POOL)
              ? Figure.of(who, shown)
              : Figure.against(who, shown, race.ratio(who, figure)));
    }
    Measured measured = new Measured(what + ", " + name + ", µs", 1, figures, "", null);
    report.add(measured);
    if (!verb.isEmpty()) {
      Chart chart =
          report.chart(
              "latency",
              "Latency at half of the greatest rate, corrected for coordinated omission",
              "µs",
              true);
      Report.plot(chart, verb + " " + name, measured);
    }
  }

  private static String trimmed(double percentile) {
    return percentile == Math.rint(percentile)
        ? String.valueOf((int) percentile)
        : String.valueOf(percentile);
  }

  // ---- allocation ----

  void allocation(ServerProcess server, boolean exchanging) throws IOException {
    int port = server.port();
    String what =
        exchanging
            ? "allocation per `exchange`, reply array of 80 B included, B"
            : "allocation per `send`, B";
    report.begin(what);
    try (Field field =
        exchanging
            ? new Field()
                .with(POOL, () -> PoolContender.exchanging(port, 1, SMALL))
                .with(RAW, () -> RawContender.exchanging(port, 1, SMALL))
            : new Field()
                .with(POOL, () -> PoolContender.sending(port, CONNECTIONS, SMALL))
                .with(RAW, () -> RawContender.sending(port, CONNECTIONS, SMALL))) {
      double most = exchanging ? 80 : 0;
      List<Figure> figures = new ArrayList<>();
      double ours = Double.NaN;
      for (Map.Entry<String, Contender> one : field.all().entrySet()) {
        Operation operation = one.getValue().operation(0);
        double bytes = Allocation.bytesPerOperation(operation, ALLOCATION_OPERATIONS);
        ours = one.getKey().equals(POOL) ? bytes : ours;
        figures.add(Figure.of(one.getKey(), Spread.of(bytes)));
      }
      String goal = String.format(Locale.ROOT, "%.0f", most);
      report.add(new Measured(what, 1, figures, goal, ours < most + 0.5));
    }
  }

  // ---- common ----

  private static double thousands(Round.Result round) {
    return round.perSecond() / 1e3;
  }

  /** A race that is in the table, and may be plotted. */
  private final class Raced {
    private final Measured measured;

    Raced(Measured measured) {
      this.measured = measured;
    }

    void plot(String chart, String title, String group) {
      Report.plot(report.chart(chart, title, "thousands per second", false), group, measured);
    }
  }

  private Raced race(
      ServerProcess server,
      String what,
      ToDoubleFunction<Round.Result> figure,
      Field field,
      Race.Load load,
      Goal goal)
      throws IOException, InterruptedException {
    Race race = new Race(server, scope.pace(), load).run(field.all());
    Measured measured = Measured.race(what, 0, race, figure, goal);
    report.add(measured);
    return new Raced(measured);
  }

  private static Measured missing(String what) {
    return new Measured(what, 0, List.of(Figure.missing(POOL, "needs JDK 21")), "", null);
  }

  private static String count(int threads) {
    return threads == 1 ? "1 thread" : threads + " threads";
  }

  private static String size(int bytes) {
    return bytes < 1024 ? bytes + " B" : bytes / 1024 + " KiB";
  }
}
