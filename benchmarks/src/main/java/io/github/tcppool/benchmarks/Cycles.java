package io.github.tcppool.benchmarks;

import java.nio.file.Path;
import java.util.Collection;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the JMH benchmarks with a given number of threads, and keeps what the table needs. */
final class Cycles {

  /** How much time one benchmark takes, in each of its forks. */
  record Pace(int forks, int warmUps, int iterations, long iterationMillis) {}

  /** Operations per microsecond over all iterations, and bytes of heap per operation. */
  record Result(Spread perMicro, double bytes) {}

  private final Pace pace;
  private final Path logs;

  /**
   * Runs nothing yet.
   *
   * @param logs the directory for the output of JMH
   */
  Cycles(Pace pace, Path logs) {
    this.pace = pace;
    this.logs = logs;
  }

  /** One of our benchmarks. */
  Result run(Class<?> benchmarks, String method, int threads) throws RunnerException {
    return run(benchmarks, method, threads, new OptionsBuilder());
  }

  /** Another pool's cycle. */
  Result peer(String name, int threads) throws RunnerException {
    return run(PeerBenchmark.class, "cycle", threads, new OptionsBuilder().param("peer", name));
  }

  private Result run(Class<?> benchmarks, String method, int threads, ChainedOptionsBuilder options)
      throws RunnerException {
    String log = benchmarks.getSimpleName() + "." + method + "-" + threads + ".log";
    TimeValue time = TimeValue.milliseconds(pace.iterationMillis());
    Collection<RunResult> results =
        new Runner(
                options
                    .include("\\." + benchmarks.getSimpleName() + "\\." + method + "$")
                    .threads(threads)
                    .forks(pace.forks())
                    .warmupIterations(pace.warmUps())
                    .warmupTime(time)
                    .measurementIterations(pace.iterations())
                    .measurementTime(time)
                    .addProfiler(GCProfiler.class)
                    .shouldFailOnError(true)
                    .output(logs.resolve(log).toString())
                    .build())
            .run();
    return result(results.iterator().next());
  }

  private static Result result(RunResult result) {
    double[] scores =
        result.getBenchmarkResults().stream()
            .flatMap(fork -> fork.getIterationResults().stream())
            .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
            .toArray();
    var bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return new Result(Spread.of(scores), bytes == null ? Double.NaN : bytes.getScore());
  }
}
