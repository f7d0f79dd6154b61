package io.github.tcppool.benchmarks;

import io.github.tcppool.PickOrder;
import io.github.tcppool.balance.Balancer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Claiming one of ten connections and giving it back, by the engine alone: no socket, no check for
 * life, no clock.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EngineBenchmark {

  private final BareEngine engine = BareEngine.filled(1, 10, Balancer.roundRobin());

  /** In the order of a lease. */
  @Benchmark
  public void lastUsed() throws IOException {
    engine.cycle(PickOrder.LAST_USED);
  }

  /** In the order of a send. */
  @Benchmark
  public void rotate() throws IOException {
    engine.cycle(PickOrder.ROTATE);
  }
}
