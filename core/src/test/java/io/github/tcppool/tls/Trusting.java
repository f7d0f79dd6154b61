package io.github.tcppool.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.RetryPolicy;
import io.github.tcppool.TcpPool;
import io.github.tcppool.TlsOptions;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.net.StandardSocketOptions;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** Servers on loopback, and pools that trust them. */
final class Trusting {

  static final SSLContext CONTEXT = TestAuthority.TRUSTED.issue("127.0.0.1").context();
  static final TlsOptions TRUSTING = TlsOptions.defaults().context(CONTEXT);
  static final byte[] PING = "ping".getBytes(UTF_8);

  /** Room for a few records, as one that was not handed over whole does not count. */
  private static final int NARROW = 65_536;

  private Trusting() {}

  /** Settings of a pool with one connection, which makes one attempt. */
  static TcpPool.Builder to(String endpoint, TlsOptions options) {
    return TcpPool.builder(endpoint)
        .connections(0, 1)
        .framing(Framing.lines())
        .connectTimeout(Duration.ofSeconds(10))
        .retry(RetryPolicy.attempts(1))
        .tls(options);
  }

  /** The same with buffers that are soon full. */
  static TcpPool.Builder narrowTo(String endpoint) {
    return to(endpoint, TRUSTING).socketOption(StandardSocketOptions.SO_SNDBUF, NARROW);
  }

  /** A peer that reads nothing until it is told to, and whose buffers are soon full. */
  static TcpPeer stalled() {
    return TcpPeer.builder()
        .tls(CONTEXT)
        .behaviour(Behaviour.stalled())
        .receiveBuffer(NARROW)
        .start();
  }
}
