package io.github.tcppool.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.ToDoubleFunction;

/**
 * The pool and raw sockets in alternating rounds against one server, so that both see the same
 * machine. The side that begins changes from round to round.
 */
final class Race {

  /** How much time a race takes. */
  record Pace(int rounds, long roundNanos, long warmUpNanos) {}

  private final ServerProcess server;
  private final Pace pace;
  private final int threads;
  private final ThreadFactory factory;
  private final boolean timed;
  private final List<Round.Result> pool = new ArrayList<>();
  private final List<Round.Result> raw = new ArrayList<>();

  /**
   * A race that was not run yet.
   *
   * @param timed whether to record how long each operation takes
   */
  Race(ServerProcess server, Pace pace, int threads, ThreadFactory factory, boolean timed) {
    this.server = server;
    this.pace = pace;
    this.threads = threads;
    this.factory = factory;
    this.timed = timed;
  }

  /** Runs all rounds; each one ends when the server has received all that was sent. */
  Race run(Contender ours, Contender theirs) throws IOException, InterruptedException {
    round(ours, pace.warmUpNanos());
    round(theirs, pace.warmUpNanos());
    for (int i = 0; i < pace.rounds(); i++) {
      if (i % 2 == 0) {
        pool.add(round(ours, pace.roundNanos()));
        raw.add(round(theirs, pace.roundNanos()));
      } else {
        raw.add(round(theirs, pace.roundNanos()));
        pool.add(round(ours, pace.roundNanos()));
      }
    }
    return this;
  }

  private Round.Result round(Contender contender, long nanos)
      throws IOException, InterruptedException {
    long before = server.bytesReceived();
    Round.Result result = Round.run(contender, threads, factory, nanos, timed);
    server.awaitBytes(before + result.operations() * Contender.MESSAGE_BYTES);
    return result;
  }

  Spread ofPool(ToDoubleFunction<Round.Result> figure) {
    return spread(pool, figure);
  }

  Spread ofRaw(ToDoubleFunction<Round.Result> figure) {
    return spread(raw, figure);
  }

  /** Pool divided by raw, round by round. */
  Spread ratio(ToDoubleFunction<Round.Result> figure) {
    double[] ratios = new double[pool.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = figure.applyAsDouble(pool.get(i)) / figure.applyAsDouble(raw.get(i));
    }
    return Spread.of(ratios);
  }

  private static Spread spread(List<Round.Result> results, ToDoubleFunction<Round.Result> figure) {
    return Spread.of(results.stream().mapToDouble(figure).toArray());
  }
}
