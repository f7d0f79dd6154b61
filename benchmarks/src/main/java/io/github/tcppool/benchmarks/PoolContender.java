package io.github.tcppool.benchmarks;

import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import java.io.IOException;

/** The pool, called the plain way: {@code send(byte[])} and {@code exchange(byte[])}. */
final class PoolContender implements Contender {

  private final TcpPool pool;
  private final boolean exchanging;

  private PoolContender(TcpPool pool, boolean exchanging) {
    this.pool = pool;
    this.exchanging = exchanging;
  }

  static PoolContender sending(int port, int connections) {
    return new PoolContender(open(port, connections), false);
  }

  static PoolContender exchanging(int port, int connections) {
    return new PoolContender(open(port, connections, Framing.fixed(MESSAGE_BYTES)), true);
  }

  /** A pool without a framing. */
  static TcpPool open(int port, int connections) {
    return open(port, connections, Framing.none());
  }

  private static TcpPool open(int port, int connections, Framing framing) {
    return TcpPool.builder("127.0.0.1:" + port)
        .connections(connections)
        .maxDials(64)
        .framing(framing)
        .connectEagerly()
        .build();
  }

  @Override
  public Operation operation(int thread) {
    byte[] message = Contender.message();
    return exchanging ? () -> exchange(message) : () -> pool.send(message);
  }

  private void exchange(byte[] message) throws IOException {
    byte[] reply = pool.exchange(message);
    if (reply.length != MESSAGE_BYTES) {
      throw new IOException("reply must have 64 bytes, but had " + reply.length);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
