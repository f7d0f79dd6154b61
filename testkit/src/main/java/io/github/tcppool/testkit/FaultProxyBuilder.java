package io.github.tcppool.testkit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The settings of a {@link FaultProxy}; see {@link FaultProxy#builder}. For use by one thread. */
public final class FaultProxyBuilder {
  final InetSocketAddress target;
  InetAddress host = Loopback.V4;
  int port;
  long seed = 1;
  Duration patience = Duration.ofSeconds(5);

  FaultProxyBuilder(InetSocketAddress target) {
    this.target = target;
  }

  /** Listens on {@code ::1} instead of {@code 127.0.0.1}. */
  public FaultProxyBuilder ipv6() {
    host = Loopback.V6;
    return this;
  }

  /** Listens on this port, 1 to 65535, instead of one that the system chooses. */
  public FaultProxyBuilder port(int fixed) {
    if (fixed < 1 || fixed > 65_535) {
      throw new IllegalArgumentException("port must be 1 to 65535, but was " + fixed);
    }
    port = fixed;
    return this;
  }

  /** Sets the seed of jitter and corruption; 1 by default. */
  public FaultProxyBuilder seed(long number) {
    seed = number;
    return this;
  }

  /** Sets how long the await methods wait before they fail the test; 5 s by default. */
  public FaultProxyBuilder patience(Duration limit) {
    patience = limit;
    return this;
  }

  /**
   * Starts the proxy, which listens when this returns.
   *
   * @throws java.io.UncheckedIOException if the port is still taken after 5 s
   */
  public FaultProxy start() {
    return FaultProxy.start(this);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(host, port);
  }
}
