package io.github.tcppool.benchmarks;

import io.github.tcppool.benchmarks.Measured.Figure;
import io.github.tcppool.benchmarks.peers.Peers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;

/** What happens within this process: leasing and returning, by JMH. */
final class CycleFigures {

  private static final String POOL = "tcp-pool";
  private static final String HIKARI = "HikariCP";
  private static final List<Integer> THREADS = List.of(1, 2, 16);

  private final Cycles cycles;
  private final List<String> peers;
  private final Report report;

  /** With these of the other pools beside ours. */
  CycleFigures(Cycles cycles, List<String> peers, Report report) {
    this.cycles = cycles;
    this.peers = peers;
    this.report = report;
  }

  /** Our pool and all others. */
  void leases() throws RunnerException {
    List<Figure> allocation = new ArrayList<>();
    for (int threads : THREADS) {
      String what = "lease and return, no I/O, 10 connections, " + count(threads) + ", ops/µs";
      report.begin(what);
      Cycles.Result lease = cycles.run(LeaseBenchmark.class, "lease", threads);
      List<Figure> figures = new ArrayList<>();
      figures.add(Figure.of(POOL, lease.perMicro()));
      if (threads == 1) {
        allocation.add(Figure.of(POOL, Spread.of(lease.bytes())));
      }
      boolean ahead = true;
      for (String peer : peers) {
        String why = Peers.missing(peer);
        if (!why.isEmpty()) {
          figures.add(Figure.missing(peer, why));
          continue;
        }
        Cycles.Result theirs = cycles.peer(peer, threads);
        figures.add(against(peer, lease.perMicro(), theirs.perMicro()));
        ahead &= lease.perMicro().median() > theirs.perMicro().median();
        if (threads == 1) {
          allocation.add(Figure.of(peer, Spread.of(theirs.bytes())));
        }
      }
      Measured measured = new Measured(what, 2, figures, "ahead of every pool", ahead);
      report.add(measured);
      Report.plot(
          report.chart(
              "lease",
              "Taking one of ten objects and giving it back",
              "operations per microsecond; only tcp-pool looks whether the socket still lives",
              true),
          count(threads),
          measured);
    }
    double bytes = median(allocation.get(0));
    report.add(
        new Measured(
            "allocation per lease and return, B",
            0,
            allocation,
            "one small handle (96)",
            bytes <= 96.5));
    tryLeases();
  }

  private void tryLeases() throws RunnerException {
    for (int threads : THREADS) {
      String what = "`tryLease` and return, no I/O, 10 connections, " + count(threads) + ", ops/µs";
      report.begin(what);
      Cycles.Result result = cycles.run(LeaseBenchmark.class, "tryLease", threads);
      report.add(new Measured(what, 2, List.of(Figure.of(POOL, result.perMicro())), "", null));
    }
  }

  private static double median(Figure figure) {
    Spread value = figure.value();
    return value == null ? Double.NaN : value.median();
  }

  /** The engine and the bag below HikariCP. */
  void engine() throws RunnerException {
    for (int threads : THREADS) {
      String what = "acquire and release inside, 10 connections, " + count(threads) + ", ops/µs";
      report.begin(what);
      Spread last = cycles.run(EngineBenchmark.class, "lastUsed", threads).perMicro();
      Spread rotate = cycles.run(EngineBenchmark.class, "rotate", threads).perMicro();
      Spread bag = cycles.peer(Peers.HIKARI_BAG, threads).perMicro();
      Measured measured =
          new Measured(
              what,
              1,
              List.of(
                  Figure.of(POOL + ", order of `lease`", last),
                  Figure.of(POOL + ", order of `send`", rotate),
                  against(Peers.HIKARI_BAG, last, bag)),
              String.format(Locale.ROOT, "≥ %s ConcurrentBag", HIKARI),
              last.median() >= bag.median());
      report.add(measured);
      Report.plot(
          report.chart(
              "engine",
              "Claiming one of ten idle connections and freeing it, inside the pool",
              "operations per microsecond",
              false),
          count(threads),
          measured);
    }
  }

  /** What else is done per message, or to look at a pool. */
  void others() throws RunnerException {
    for (String method : List.of("decodeLine", "decodeLength", "snapshot")) {
      String what =
          switch (method) {
            case "decodeLine" -> "finding the end of a line of 64 B, ops/µs";
            case "decodeLength" -> "finding the end of 64 B with a length before them, ops/µs";
            default -> "snapshot of a pool with 10 connections, ops/µs";
          };
      report.begin(what);
      Spread perMicro = cycles.run(MicroBenchmark.class, method, 1).perMicro();
      report.add(new Measured(what, 1, List.of(Figure.of(POOL, perMicro)), "", null));
    }
  }

  /** These did not run in turns: the range of the ratio is what the two ranges allow. */
  private static Figure against(String who, Spread ours, Spread theirs) {
    return Figure.against(
        who,
        theirs,
        new Spread(
            ours.median() / theirs.median(), ours.min() / theirs.max(), ours.max() / theirs.min()));
  }

  private static String count(int threads) {
    return threads == 1 ? "1 thread" : threads + " threads";
  }
}
