package io.github.tcppool.benchmarks;

import io.github.tcppool.benchmarks.peers.Peer;
import io.github.tcppool.benchmarks.peers.Peers;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Taking one of ten objects of another pool and giving it back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PeerBenchmark {

  private static final int OBJECTS = 10;

  /** Which pool, by its name in {@link Peers}. */
  @Param("HikariCP")
  public String peer = "HikariCP";

  private @Nullable Peer pool;

  /** Opens the pool. */
  @Setup
  public void open() throws Exception {
    pool = Peers.open(peer, OBJECTS);
  }

  /** One object there and back. */
  @Benchmark
  public void cycle() throws Exception {
    Peer open = pool;
    if (open != null) {
      open.cycle();
    }
  }

  /** Closes the pool. */
  @TearDown
  public void close() throws Exception {
    Peer open = pool;
    if (open != null) {
      open.close();
    }
  }
}
