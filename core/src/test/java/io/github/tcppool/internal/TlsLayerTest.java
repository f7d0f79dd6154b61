package io.github.tcppool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.conformance.Tls;
import io.github.tcppool.internal.net.ChannelSocket;
import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's TLS over our sockets. */
@Timeout(30)
class TlsLayerTest {

  private static SSLContext context;
  private static SSLServerSocket server;

  @BeforeAll
  static void serve() throws Exception {
    context = Tls.context();
    server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread accepting = new Thread(TlsLayerTest::echoForEver, "tls-echo");
    accepting.setDaemon(true);
    accepting.start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static void echoForEver() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread echo =
            new Thread(
                () -> {
                  try (client) {
                    client.getInputStream().transferTo(client.getOutputStream());
                  } catch (IOException e) {
                    // the client has gone
                  }
                });
        echo.setDaemon(true);
        echo.start();
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private static SSLSocket layered(Socket below, String protocol) throws IOException {
    SSLSocket tls =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(below, "localhost", server.getLocalPort(), true);
    tls.setEnabledProtocols(new String[] {protocol});
    return tls;
  }

  private static void assertEchoes(SSLSocket tls, int bytes) throws Exception {
    byte[] sent = new byte[bytes];
    new Random(bytes).nextBytes(sent);
    Loopback.Inside<byte[]> reader = Loopback.inside(() -> tls.getInputStream().readNBytes(bytes));
    tls.getOutputStream().write(sent);
    assertThat(reader.result()).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aLayerOverAChannelSocketEchoes(String protocol) throws Exception {
    ChannelSocket below = new ChannelSocket();
    below.connect(server.getLocalSocketAddress());
    try (SSLSocket tls = layered(below, protocol)) {
      assertEchoes(tls, 1);
      assertEchoes(tls, 300_000);
      assertThat(tls.getSession().getProtocol()).isEqualTo(protocol);
    }
    assertThat(below.isClosed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aLayerOverALeaseEchoesAndTheConnectionIsNotUsedAgain(String protocol) throws Exception {
    try (TcpPool pool =
        TcpPool.builder("127.0.0.1:" + server.getLocalPort())
            .connections(0, 1)
            .drainTimeout(Duration.ofMillis(200))
            .build()) {
      PooledSocket lease = pool.lease();
      int port = lease.getLocalPort();
      try (SSLSocket tls = layered(lease, protocol)) {
        assertEchoes(tls, 100_000);
      }
      assertThat(lease.isClosed()).isTrue();
      PooledSocket next = pool.lease();
      assertThat(next.getLocalPort()).as("another connection").isNotEqualTo(port);
      next.discard();
    }
  }

  @Test
  void aReadOfTheLayerTimesOutAndGoesOnAfterwards() throws Exception {
    ChannelSocket below = new ChannelSocket();
    below.connect(server.getLocalSocketAddress());
    try (SSLSocket tls = layered(below, "TLSv1.3")) {
      assertEchoes(tls, 10);
      tls.setSoTimeout(30);
      assertThatThrownBy(() -> tls.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      tls.setSoTimeout(0);
      assertEchoes(tls, 10);
    }
  }

  @Test
  void closingTheSocketBelowFreesABlockedReadOfTheLayer() throws Exception {
    ChannelSocket below = new ChannelSocket();
    below.connect(server.getLocalSocketAddress());
    try (SSLSocket tls = layered(below, "TLSv1.3")) {
      assertEchoes(tls, 10);
      Loopback.Inside<Integer> reader = Loopback.blockedRead(tls);
      below.close();
      assertThatThrownBy(reader::result).isInstanceOf(IOException.class);
    }
  }
}
