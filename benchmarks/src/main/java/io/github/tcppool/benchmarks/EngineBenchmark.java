package io.github.tcppool.benchmarks;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.internal.engine.Engine;
import io.github.tcppool.internal.engine.Parker;
import io.github.tcppool.internal.engine.Pooled;
import io.github.tcppool.internal.engine.Transport;
import io.github.tcppool.internal.engine.Use;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

  private static final int CONNECTIONS = 10;
  private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

  private final Engine<Bare> engine = open();
  private final long nowNanos = System.nanoTime();

  private static Engine<Bare> open() {
    PoolOptions options = PoolOptions.defaults().toBuilder().connections(CONNECTIONS).build();
    Engine<Bare> engine =
        new Engine<>(
            "bare",
            List.of(Endpoint.parse("127.0.0.1:9")),
            Balancer.roundRobin(),
            options,
            new BareTransport(),
            Runnable::run,
            System::nanoTime,
            new SplittableRandom(),
            Parker::ofCurrentThread,
            event -> {});
    try {
      engine.upkeep().fill(CONNECTIONS, HOUR_NANOS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return engine;
  }

  /** In the order of a lease. */
  @Benchmark
  public void lastUsed() throws IOException {
    cycle(PickOrder.LAST_USED);
  }

  /** In the order of a send. */
  @Benchmark
  public void rotate() throws IOException {
    cycle(PickOrder.ROTATE);
  }

  private void cycle(PickOrder order) throws IOException {
    Bare connection =
        engine.acquire(Use.CALL, order, null, Engine.ANY, nowNanos, nowNanos + HOUR_NANOS);
    engine.release(connection, Use.CALL, nowNanos);
  }

  /** A connection that is always fit. */
  static final class Bare extends Pooled {

    @Override
    public @Nullable CloseReason unfit(long now, Use use) {
      return null;
    }

    @Override
    public void freed() {}

    @Override
    public void relax(long now) {}

    @Override
    public void watch(long now) {}

    @Override
    public long pendingBytes() {
      return 0;
    }

    @Override
    public long messages() {
      return 1;
    }

    @Override
    public long bytesWritten() {
      return 1;
    }

    @Override
    public long bytesRead() {
      return 1;
    }
  }

  private static final class BareTransport implements Transport<Bare> {

    @Override
    public Bare dial(Endpoint endpoint, PoolOptions options) {
      return new Bare();
    }

    @Override
    public void cancelDials() {}

    @Override
    public void close(Bare connection, CloseReason reason, Runnable done) {
      done.run();
    }

    @Override
    public void sever(Bare connection) {}
  }
}
