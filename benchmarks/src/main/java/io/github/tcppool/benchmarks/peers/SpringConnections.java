package io.github.tcppool.benchmarks.peers;

import org.springframework.integration.ip.tcp.connection.CachingClientConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpListener;
import org.springframework.integration.ip.tcp.connection.TcpNetClientConnectionFactory;
import org.springframework.integration.ip.tcp.serializer.ByteArrayRawSerializer;

/** Sets up Spring Integration's caching factory without an application context. */
public final class SpringConnections {

  private SpringConnections() {}

  /** A cache of this many connections; nobody hears of its events. */
  public static CachingClientConnectionFactory open(
      int port, int connections, TcpListener listener) {
    TcpNetClientConnectionFactory sockets = new TcpNetClientConnectionFactory("127.0.0.1", port);
    sockets.setSoTcpNoDelay(true);
    sockets.setApplicationEventPublisher(event -> {});
    ByteArrayRawSerializer raw = new ByteArrayRawSerializer();
    sockets.setSerializer(raw);
    sockets.setDeserializer(raw);
    CachingClientConnectionFactory cache = new CachingClientConnectionFactory(sockets, connections);
    cache.setConnectionWaitTimeout(30_000);
    cache.setApplicationEventPublisher(event -> {});
    cache.registerListener(listener);
    cache.start();
    return cache;
  }
}
