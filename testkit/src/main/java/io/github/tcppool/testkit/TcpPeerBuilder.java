package io.github.tcppool.testkit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link TcpPeer}; see {@link TcpPeer#builder()}. For use by one thread. */
public final class TcpPeerBuilder {
  InetAddress host = Loopback.V4;
  int port;
  int backlog = 128;
  int receiveBufferBytes;
  boolean acceptsNothing;
  Behaviour behaviour = Behaviour.echo();
  Boundary boundary = Boundary.lines();
  int keptFrames = 10_000;
  Duration patience = Duration.ofSeconds(5);
  @Nullable SSLContext tls;

  TcpPeerBuilder() {}

  /** Listens on {@code ::1} instead of {@code 127.0.0.1}. */
  public TcpPeerBuilder ipv6() {
    host = Loopback.V6;
    return this;
  }

  /** Listens on this port, 1 to 65535, instead of one that the system chooses. */
  public TcpPeerBuilder port(int fixed) {
    if (fixed < 1 || fixed > 65_535) {
      throw new IllegalArgumentException("port must be 1 to 65535, but was " + fixed);
    }
    port = fixed;
    return this;
  }

  /**
   * Sets how many clients may wait to be accepted; 128 by default, at least 1. The kernel takes one
   * more than this.
   */
  public TcpPeerBuilder backlog(int clients) {
    backlog = atLeastOne("backlog", clients);
    return this;
  }

  /**
   * Sets the receive buffer of accepted connections in bytes, so that a client's send window fills
   * soon; the system's own size by default. Linux doubles the number.
   */
  public TcpPeerBuilder receiveBuffer(int bytes) {
    receiveBufferBytes = atLeastOne("receiveBuffer", bytes);
    return this;
  }

  /**
   * Speaks TLS with this context as the server; in clear by default. The handshake of a connection
   * comes before its behaviour. A FIN is then sent behind {@code close_notify}.
   */
  public TcpPeerBuilder tls(SSLContext context) {
    tls = context;
    return this;
  }

  /** Starts without accepting, as after {@link TcpPeer#pauseAccepting()}. */
  public TcpPeerBuilder acceptsNothing() {
    acceptsNothing = true;
    return this;
  }

  /** Sets what is done with connections; {@link Behaviour#echo()} by default. */
  public TcpPeerBuilder behaviour(Behaviour first) {
    behaviour = first;
    return this;
  }

  /** Sets where frames end; {@link Boundary#lines()} by default. */
  public TcpPeerBuilder frames(Boundary rule) {
    boundary = rule;
    return this;
  }

  /**
   * Sets how many frames are kept to be looked at, the first ones; 10,000 by default, at least 0,
   * and never more than 64 MiB of them. All are counted.
   */
  public TcpPeerBuilder keepFrames(int frames) {
    if (frames < 0) {
      throw new IllegalArgumentException("keepFrames must be at least 0, but was " + frames);
    }
    keptFrames = frames;
    return this;
  }

  /** Sets how long the await methods wait before they fail the test; 5 s by default. */
  public TcpPeerBuilder patience(Duration limit) {
    patience = limit;
    return this;
  }

  /**
   * Starts the peer, which listens when this returns.
   *
   * @throws java.io.UncheckedIOException if the port is still taken after 5 s
   */
  public TcpPeer start() {
    return TcpPeer.start(this);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(host, port);
  }

  private static int atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but was " + value);
    }
    return value;
  }
}
