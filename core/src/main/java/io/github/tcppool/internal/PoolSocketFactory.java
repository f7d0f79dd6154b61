package io.github.tcppool.internal;

import io.github.tcppool.CallOptions;
import io.github.tcppool.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes {@link FactorySocket}s, and finds the endpoint that an address belongs to. */
final class PoolSocketFactory extends SocketFactory {

  /** Leases a connection to one endpoint only. */
  interface EndpointLease {
    LeasedSocket lease(Endpoint endpoint, CallOptions options) throws IOException;
  }

  /** The endpoints of the pool at this moment. */
  private final Supplier<List<Endpoint>> endpoints;

  private final PoolNames names;

  /** The pool's time for a call, in nanoseconds: for a connect without a timeout. */
  private final LongSupplier defaultNanos;

  private final boolean inClear;
  private final EndpointLease leases;

  /**
   * A factory of a pool.
   *
   * @param inClear whether sockets to other addresses may be made, which never have TLS
   */
  PoolSocketFactory(
      Supplier<List<Endpoint>> endpoints,
      PoolNames names,
      LongSupplier defaultNanos,
      boolean inClear,
      EndpointLease leases) {
    this.endpoints = endpoints;
    this.names = names;
    this.defaultNanos = defaultNanos;
    this.inClear = inClear;
    this.leases = leases;
  }

  @Override
  public Socket createSocket() throws IOException {
    return new FactorySocket(this::leaseFor, inClear);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected(
        new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected(
        new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
  }

  private Socket connected(InetSocketAddress address, @Nullable SocketAddress local)
      throws IOException {
    Socket socket = createSocket();
    try {
      if (local != null) {
        socket.bind(local);
      }
      socket.connect(address);
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private Optional<LeasedSocket> leaseFor(InetSocketAddress address, int timeoutMillis)
      throws IOException {
    long nanos =
        timeoutMillis == 0
            ? defaultNanos.getAsLong()
            : TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    long deadline = System.nanoTime() + nanos;
    Endpoint endpoint = endpointOf(address, deadline);
    if (endpoint == null) {
      return Optional.empty();
    }
    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    return Optional.of(leases.lease(endpoint, CallOptions.within(left)));
  }

  /**
   * By name first; then, as libraries resolve before they connect, by what the pool's own names
   * resolve to. Names are looked up one after the other, all of them within the deadline.
   */
  private @Nullable Endpoint endpointOf(InetSocketAddress address, long deadlineNanos)
      throws IOException {
    List<Endpoint> known = endpoints.get();
    for (Endpoint endpoint : known) {
      if (endpoint.port() == address.getPort()
          && endpoint.host().equalsIgnoreCase(address.getHostString())) {
        return endpoint;
      }
    }
    InetAddress wanted = address.getAddress();
    if (wanted == null) {
      return null;
    }
    for (Endpoint endpoint : known) {
      if (endpoint.port() == address.getPort()
          && names.resolvesTo(endpoint.host(), wanted, deadlineNanos)) {
        return endpoint;
      }
    }
    return null;
  }
}
