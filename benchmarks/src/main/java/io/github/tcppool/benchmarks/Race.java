package io.github.tcppool.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * Contenders in alternating rounds against one server, so that all see the same machine. Who begins
 * changes from round to round. The first one is ours.
 */
final class Race {

  /** How much time a race takes. */
  record Pace(int rounds, long roundNanos, long warmUpNanos) {}

  /**
   * How a contender is driven.
   *
   * @param bytes of one message
   * @param timed whether to record how long each operation takes
   * @param intervalNanos when the next operation of a thread is due after the one before; 0 for at
   *     once
   */
  record Load(int threads, ThreadFactory factory, int bytes, boolean timed, long intervalNanos) {

    /** As much as goes. */
    static Load full(int threads, ThreadFactory factory, int bytes) {
      return new Load(threads, factory, bytes, false, 0);
    }

    /** As much as goes from one thread, which looks at the clock between two operations. */
    static Load timed(int bytes) {
      return new Load(1, Threads.platform(), bytes, true, 0);
    }

    /** Threads by a timetable each: who is late is late for all that follow. */
    static Load paced(int threads, int bytes, long intervalNanos) {
      return new Load(threads, Threads.platform(), bytes, true, intervalNanos);
    }
  }

  private final ServerProcess server;
  private final Pace pace;
  private final Load load;
  private final Map<String, List<Round.Result>> results = new LinkedHashMap<>();

  /** A race that was not run yet. */
  Race(ServerProcess server, Pace pace, Load load) {
    this.server = server;
    this.pace = pace;
    this.load = load;
  }

  /** Runs all rounds; each one ends when the server has received all that was sent. */
  Race run(Map<String, Contender> contenders) throws IOException, InterruptedException {
    List<String> names = new ArrayList<>(contenders.keySet());
    for (String name : names) {
      results.put(name, new ArrayList<>());
      round(name, contenders, pace.warmUpNanos());
    }
    results.values().forEach(List::clear);
    for (int i = 0; i < pace.rounds(); i++) {
      for (int k = 0; k < names.size(); k++) {
        round(names.get((i + k) % names.size()), contenders, pace.roundNanos());
      }
    }
    return this;
  }

  private void round(String name, Map<String, Contender> contenders, long nanos)
      throws IOException, InterruptedException {
    long before = server.bytesReceived();
    Contender contender = contenders.get(name);
    List<Round.Result> of = results.get(name);
    if (contender == null || of == null) {
      throw new IllegalStateException(name + " is not in this race");
    }
    Round.Result result = Round.run(contender, load, nanos);
    server.awaitBytes(before + result.operations() * load.bytes());
    of.add(result);
  }

  /** The names, ours first. */
  List<String> names() {
    return new ArrayList<>(results.keySet());
  }

  private List<Round.Result> of(String name) {
    return results.getOrDefault(name, List.of());
  }

  /** A figure of one contender over all rounds. */
  Spread of(String name, ToDoubleFunction<Round.Result> figure) {
    return Spread.of(of(name).stream().mapToDouble(figure).toArray());
  }

  /** Ours divided by another's, round by round. */
  Spread ratio(String name, ToDoubleFunction<Round.Result> figure) {
    List<Round.Result> ours = of(names().get(0));
    List<Round.Result> theirs = of(name);
    double[] ratios = new double[ours.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = figure.applyAsDouble(ours.get(i)) / figure.applyAsDouble(theirs.get(i));
    }
    return Spread.of(ratios);
  }

  /** All rounds of one contender together. */
  Histogram latencyNanos(String name) {
    Histogram all = Round.histogram();
    for (Round.Result result : of(name)) {
      if (result.latencyNanos() != null) {
        all.add(result.latencyNanos());
      }
    }
    return all;
  }
}
