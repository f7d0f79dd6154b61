package io.github.tcppool.conformance;

import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.RetryPolicy;
import io.github.tcppool.TcpPool;
import io.github.tcppool.TlsOptions;
import io.github.tcppool.internal.net.ChannelSocket;
import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A place to connect to, and the pool from which sockets to it come, if they come from one. */
final class Site implements AutoCloseable {

  private final Origin origin;
  private final InetSocketAddress address;
  private final @Nullable TcpPool pool;

  Site(Origin origin, InetSocketAddress address) {
    this.origin = origin;
    this.address = address;
    pool = poolFor(origin, address);
  }

  private static @Nullable TcpPool poolFor(Origin origin, InetSocketAddress address) {
    String pooled = address.getAddress().getHostAddress() + ":" + address.getPort();
    return switch (origin) {
      case JDK, CHANNEL -> null;
      case FACTORY_ELSEWHERE -> builder("127.0.0.1:9").build();
      case LEASE, FACTORY_TO_POOL -> builder(pooled).connections(0, 1).build();
      case WHOLE -> builder(pooled).connections(1).build();
      case SECURE_LEASE, SECURE_FACTORY ->
          builder(pooled)
              .connections(0, 1)
              .tls(
                  TlsOptions.defaults()
                      .context(Tls.context())
                      .serverName("localhost")
                      .requireCloseNotify(false))
              .build();
    };
  }

  /** With little patience at the end, as the peers of these tests say no good-bye. */
  private static TcpPool.Builder builder(String endpoint) {
    return TcpPool.builder(endpoint)
        .retry(RetryPolicy.attempts(1))
        .closeTimeout(Duration.ofMillis(20))
        .drainTimeout(Duration.ofMillis(10));
  }

  TcpPool pool() {
    if (pool == null) {
      throw new IllegalStateException(origin + " needs no pool");
    }
    return pool;
  }

  /** A socket that is not connected. */
  Socket unconnected() throws IOException {
    return switch (origin) {
      case JDK -> new Socket();
      case CHANNEL -> new ChannelSocket();
      case FACTORY_TO_POOL, FACTORY_ELSEWHERE -> pool().asSocketFactory().createSocket();
      case LEASE, WHOLE, SECURE_LEASE, SECURE_FACTORY ->
          throw new IllegalStateException(origin + " is connected from the start");
    };
  }

  /** A socket that is connected. */
  Socket connected() throws IOException {
    switch (origin) {
      case LEASE, SECURE_LEASE -> {
        return pool().lease();
      }
      case SECURE_FACTORY -> {
        return pool().asSocketFactory().createSocket(address.getAddress(), address.getPort());
      }
      case WHOLE -> {
        return pool().asSocket();
      }
      default -> {
        Socket socket = unconnected();
        socket.connect(address);
        return socket;
      }
    }
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.close();
    }
  }

  /** The peer's end of the connection behind a socket that is connected. */
  static Socket accept(Loopback server, Socket socket) throws IOException {
    Socket peer = server.accept();
    while (!(socket instanceof DeadlineSocket whole && whole.getLocalPort() == 0)
        && peer.getPort() != socket.getLocalPort()) {
      peer.close(); // of an earlier connection
      peer = server.accept();
    }
    return peer;
  }
}
