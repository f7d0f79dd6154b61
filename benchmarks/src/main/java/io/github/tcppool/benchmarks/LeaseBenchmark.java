package io.github.tcppool.benchmarks;

import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Leasing a connection and giving it back, without writing or reading. The ten connections lie in
 * the backlog of a listener that accepts none, so that nobody else is at work.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LeaseBenchmark {

  private static final int CONNECTIONS = 10;

  private final ServerSocket listener = listen();
  private final TcpPool pool =
      TcpPool.builder("127.0.0.1:" + listener.getLocalPort())
          .connections(CONNECTIONS)
          .connectEagerly()
          .build();

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 2 * CONNECTIONS, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits in line where all connections are out. */
  @Benchmark
  public void lease() throws IOException {
    pool.lease().close();
  }

  /** Tries again where all connections are out, so that only leases count. */
  @Benchmark
  @SuppressWarnings("ThreadPriorityCheck") // whoever holds the connections must get on
  public void tryLease() throws IOException {
    Optional<PooledSocket> lease = pool.tryLease();
    while (lease.isEmpty()) {
      Thread.yield();
      lease = pool.tryLease();
    }
    lease.get().close();
  }

  /** Closes the pool. */
  @TearDown
  public void close() throws IOException {
    listener.close();
    pool.close();
  }
}
