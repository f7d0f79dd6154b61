package io.github.tcppool.benchmarks;

import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.TlsOptions;
import io.github.tcppool.framing.Framing;
import java.io.EOFException;
import java.io.IOException;
import javax.net.ssl.SSLContext;

/**
 * The pool, called the plain way: {@code send(byte[])}, {@code exchange(byte[])}, {@code lease()}.
 */
final class PoolContender implements Contender {

  private enum Verb {
    SEND,
    EXCHANGE,
    LEASE
  }

  private final TcpPool pool;
  private final Verb verb;
  private final int bytes;

  private PoolContender(TcpPool pool, Verb verb, int bytes) {
    this.pool = pool;
    this.verb = verb;
    this.bytes = bytes;
  }

  static PoolContender sending(int port, int connections, int bytes) {
    return new PoolContender(open(port, connections, Framing.none()), Verb.SEND, bytes);
  }

  static PoolContender exchanging(int port, int connections, int bytes) {
    return new PoolContender(open(port, connections, Framing.fixed(bytes)), Verb.EXCHANGE, bytes);
  }

  /** As exchanging, by a socket that is leased for each request. */
  static PoolContender leasing(int port, int connections, int bytes) {
    return new PoolContender(open(port, connections, Framing.none()), Verb.LEASE, bytes);
  }

  /** As exchanging, by one connection with TLS. */
  static PoolContender exchangingTls(int port, int bytes, SSLContext context) {
    return new PoolContender(openTls(port, Framing.fixed(bytes), context), Verb.EXCHANGE, bytes);
  }

  /** As sending, by one connection with TLS. */
  static PoolContender sendingTls(int port, int bytes, SSLContext context) {
    return new PoolContender(openTls(port, Framing.none(), context), Verb.SEND, bytes);
  }

  static TcpPool open(int port, int connections, Framing framing) {
    return builder(port, connections, framing).build();
  }

  private static TcpPool openTls(int port, Framing framing, SSLContext context) {
    return builder(port, 1, framing).tls(TlsOptions.defaults().context(context)).build();
  }

  private static TcpPool.Builder builder(int port, int connections, Framing framing) {
    return TcpPool.builder("127.0.0.1:" + port)
        .connections(connections)
        .maxDials(64)
        .framing(framing)
        .connectEagerly();
  }

  @Override
  public Operation operation(int thread) {
    byte[] message = Contender.message(bytes);
    return switch (verb) {
      case SEND -> () -> pool.send(message);
      case EXCHANGE -> () -> exchange(message);
      case LEASE -> () -> lease(message);
    };
  }

  private void exchange(byte[] message) throws IOException {
    byte[] reply = pool.exchange(message);
    if (reply.length != message.length) {
      throw new IOException(
          "reply must have " + message.length + " bytes, but had " + reply.length);
    }
  }

  private void lease(byte[] message) throws IOException {
    try (PooledSocket socket = pool.lease()) {
      socket.getOutputStream().write(message);
      byte[] reply = new byte[message.length];
      if (socket.getInputStream().readNBytes(reply, 0, reply.length) < reply.length) {
        throw new EOFException("stream ended before the reply");
      }
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
