package io.github.tcppool.benchmarks;

import io.github.tcppool.PoolSnapshot;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.FrameDecoder;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Finding the end of a 64-byte frame, and a snapshot of a pool with ten connections. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MicroBenchmark {

  private static final int CONNECTIONS = 10;

  private final ByteBuffer line = direct("x".repeat(63) + "\n");
  private final ByteBuffer prefixed = direct("\0\0\0<" + "x".repeat(60));
  private final FrameDecoder lines = Framing.lines().newDecoder();
  private final FrameDecoder lengths = Framing.lengthPrefix(4).newDecoder();
  private final ServerSocket listener = listen();
  private final TcpPool pool =
      TcpPool.builder("127.0.0.1:" + listener.getLocalPort())
          .connections(CONNECTIONS)
          .connectEagerly()
          .build();

  private static ByteBuffer direct(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 2 * CONNECTIONS, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A line of 64 bytes. */
  @Benchmark
  public int decodeLine() throws FrameException {
    return lines.scan(line);
  }

  /** A length and 60 bytes. */
  @Benchmark
  public int decodeLength() throws FrameException {
    return lengths.scan(prefixed);
  }

  /** All figures of the pool. */
  @Benchmark
  public PoolSnapshot snapshot() {
    return pool.snapshot();
  }

  /** Closes the pool. */
  @TearDown
  public void close() throws IOException {
    pool.close();
    listener.close();
  }
}
