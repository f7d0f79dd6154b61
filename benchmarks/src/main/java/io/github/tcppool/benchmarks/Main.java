package io.github.tcppool.benchmarks;

import io.github.tcppool.benchmarks.Contender.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Measures everything and prints one table.
 *
 * <p>Arguments: {@code --quick} for a short run, {@code --docs FILE} to put the table into that
 * file, {@code --jmh-logs DIRECTORY} for the output of JMH.
 */
public final class Main {

  private static final int CONNECTIONS = 10;
  private static final int VIRTUAL_THREADS = 2_000;
  private static final int ALLOCATION_OPERATIONS = 200_000;
  private static final List<Integer> THREADS = List.of(1, 2, 16);

  /** What the best of other pools did on a machine of this kind, with 1, 2 and 16 threads. */
  private static final List<Double> BEST_LEASE_PER_MICRO = List.of(31.0, 36.0, 21.0);

  /** What HikariCP's ConcurrentBag did. */
  private static final List<Double> BEST_ENGINE_PER_MICRO = List.of(70.0, 136.0, 120.0);

  private final Table table = new Table();
  private final Race.Pace pace;
  private final Cycles cycles;

  private Main(boolean quick, Path jmhLogs) {
    pace =
        quick
            ? new Race.Pace(5, millis(500), millis(1_500))
            : new Race.Pace(9, millis(1_000), millis(3_000));
    cycles =
        new Cycles(
            quick ? new Cycles.Pace(1, 2, 3, 500) : new Cycles.Pace(1, 3, 5, 1_000), jmhLogs);
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Runs it all. */
  public static void main(String[] args) throws Exception {
    boolean quick = false;
    Path docs = null;
    Path jmhLogs = Path.of(".");
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--quick" -> quick = true;
        case "--docs" -> docs = Path.of(args[++i]);
        case "--jmh-logs" -> jmhLogs = Path.of(args[++i]);
        default -> throw new IllegalArgumentException("unknown argument " + args[i]);
      }
    }
    Main main = new Main(quick, jmhLogs);
    main.measure();
    String section = Machine.describe() + "\n\n" + main.table;
    System.out.println(section);
    if (docs != null) {
      Table.replaceSection(docs, "jdk " + Runtime.version().feature(), section);
    }
  }

  private void measure() throws IOException, InterruptedException, RunnerException {
    try (ServerProcess sink = ServerProcess.start(LoadServer.Mode.SINK)) {
      send(sink, 1, 0.90);
      send(sink, 16, 1.00);
      outbox(sink, 1);
      outbox(sink, 16);
      allocation("allocation per `send`", sink, false, 0);
    }
    try (ServerProcess echo = ServerProcess.start(LoadServer.Mode.ECHO)) {
      latency(echo);
      exchange(echo, 16, "16 threads", Threads.platform());
      exchange(echo, VIRTUAL_THREADS, "2,000 virtual threads", Threads.virtual());
      // 64 bytes in an array of its own.
      allocation("allocation per `exchange`, reply array of 80 B included", echo, true, 80);
    }
    leases();
    engine();
  }

  private void send(ServerProcess sink, int threads, double leastRatio)
      throws IOException, InterruptedException {
    String what = "`send` 64 B, " + count(threads) + ", 10 connections";
    progress(what);
    try (Contender ours = PoolContender.sending(sink.port(), CONNECTIONS);
        Contender theirs = RawContender.sending(sink.port(), CONNECTIONS)) {
      table.addRate(
          what,
          new Race(sink, pace, threads, Threads.platform(), false).run(ours, theirs),
          leastRatio);
    }
  }

  private void outbox(ServerProcess sink, int threads) throws IOException, InterruptedException {
    String what = "`outbox` 64 B, " + count(threads) + ", 10 connections";
    progress(what);
    try (Contender ours = OutboxContender.sending(sink.port(), CONNECTIONS);
        Contender theirs = RawContender.sending(sink.port(), CONNECTIONS)) {
      table.addRate(
          what, new Race(sink, pace, threads, Threads.platform(), false).run(ours, theirs), 10);
    }
  }

  private void latency(ServerProcess echo) throws IOException, InterruptedException {
    String what = "`exchange` 64 B, 1 thread";
    progress(what);
    try (Contender ours = PoolContender.exchanging(echo.port(), 1);
        Contender theirs = RawContender.exchanging(echo.port(), 1)) {
      Race race = new Race(echo, pace, 1, Threads.platform(), true).run(ours, theirs);
      table.addLatency(what + ", median", race, Round.Result::medianMicros, 1.15);
    }
  }

  private void exchange(
      ServerProcess echo, int threads, String who, @Nullable ThreadFactory factory)
      throws IOException, InterruptedException {
    String what = "`exchange` 64 B, " + who;
    progress(what);
    if (factory == null) {
      table.addMissing(what, "needs JDK 21");
      return;
    }
    try (Contender ours = PoolContender.exchanging(echo.port(), threads);
        Contender theirs = RawContender.exchanging(echo.port(), threads)) {
      table.addRate(what, new Race(echo, pace, threads, factory, false).run(ours, theirs), 0.90);
    }
  }

  private void allocation(String what, ServerProcess server, boolean exchanging, double greatest)
      throws IOException {
    progress(what);
    int port = server.port();
    try (Contender ours =
            exchanging
                ? PoolContender.exchanging(port, CONNECTIONS)
                : PoolContender.sending(port, CONNECTIONS);
        Contender theirs =
            exchanging
                ? RawContender.exchanging(port, CONNECTIONS)
                : RawContender.sending(port, CONNECTIONS)) {
      table.addBytes(what, bytes(ours.operation(0)), bytes(theirs.operation(0)), greatest);
    }
  }

  private static double bytes(Operation operation) throws IOException {
    return Allocation.bytesPerOperation(operation, ALLOCATION_OPERATIONS);
  }

  private void leases() throws RunnerException {
    double bytes = Double.NaN;
    for (String method : List.of("lease", "tryLease")) {
      for (int i = 0; i < THREADS.size(); i++) {
        String what = "`" + method + "` and return, no I/O, " + count(THREADS.get(i));
        progress(what);
        Cycles.Result result = cycles.run(LeaseBenchmark.class, method, THREADS.get(i));
        table.addCycles(what, result.perMicro(), BEST_LEASE_PER_MICRO.get(i));
        bytes = method.equals("lease") && i == 0 ? result.bytes() : bytes;
      }
    }
    table.addBytes("allocation per `lease`", bytes, Double.NaN, 56);
  }

  private void engine() throws RunnerException {
    for (String method : List.of("lastUsed", "rotate")) {
      for (int i = 0; i < THREADS.size(); i++) {
        String order = method.equals("lastUsed") ? "order of `lease`" : "order of `send`";
        String what = "engine's acquire and release, " + order + ", " + count(THREADS.get(i));
        progress(what);
        Cycles.Result result = cycles.run(EngineBenchmark.class, method, THREADS.get(i));
        table.addCycles(what, result.perMicro(), BEST_ENGINE_PER_MICRO.get(i));
      }
    }
  }

  private static String count(int threads) {
    return threads == 1 ? "1 thread" : threads + " threads";
  }

  private static void progress(String what) {
    System.err.println("measuring: " + what);
  }
}
