package io.github.tcppool.tls;

import static io.github.tcppool.tls.Trusting.CONTEXT;
import static io.github.tcppool.tls.Trusting.PING;
import static io.github.tcppool.tls.Trusting.TRUSTING;
import static io.github.tcppool.tls.Trusting.to;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TLS that a hook begins after a greeting in clear. */
@Timeout(60)
class StartTlsTest {

  private static RawServer startTls(String afterGo) throws IOException {
    return new RawServer(
        socket -> {
          socket.getOutputStream().write("hello\n".getBytes(UTF_8));
          String wish = new String(socket.getInputStream().readNBytes(9), UTF_8);
          assertThat(wish).isEqualTo("STARTTLS\n");
          socket.getOutputStream().write(("go\n" + afterGo).getBytes(UTF_8));
          RawServer.echo(RawServer.secure(socket, CONTEXT));
        });
  }

  private static TcpPool.Builder greeting(RawServer server, boolean begins) {
    return to(server.hostPort(), TRUSTING.startedByHook())
        .onConnect(
            (socket, endpoint) -> {
              InputStream in = socket.getInputStream();
              assertThat(new String(in.readNBytes(6), UTF_8)).isEqualTo("hello\n");
              socket.getOutputStream().write("STARTTLS\n".getBytes(UTF_8));
              assertThat(new String(in.readNBytes(3), UTF_8)).isEqualTo("go\n");
              if (begins) {
                socket.startTls();
                socket.getOutputStream().write("login\n".getBytes(UTF_8));
                assertThat(new BufferedReader(new InputStreamReader(in, UTF_8)).readLine())
                    .isEqualTo("login");
              }
            });
  }

  @Test
  void aHookBeginsTlsAfterAGreetingInClear() throws Exception {
    try (RawServer server = startTls("");
        TcpPool pool = greeting(server, true).build()) {
      assertThat(pool.exchange(PING)).isEqualTo(PING);
      try (PooledSocket lease = pool.lease()) {
        assertThat(lease.tlsSession()).isPresent();
        assertThatThrownBy(lease::startTls).isInstanceOf(IllegalStateException.class);
      }
    }
  }

  @Test
  void whatCameInClearBehindTheGreetingIsRefused() throws Exception {
    try (RawServer server = startTls("injected\n");
        TcpPool pool = greeting(server, true).build()) {
      assertThatThrownBy(() -> pool.exchange(PING))
          .isInstanceOf(ConnectFailedException.class)
          .hasMessageContaining("9 bytes in clear before TLS: refused");
      assertThat(pool.snapshot().endpoints().get(0).opened()).isZero();
    }
  }

  @Test
  void aHookThatDoesNotBeginTlsFailsItsDial() throws Exception {
    try (RawServer server = startTls("");
        TcpPool pool = greeting(server, false).build()) {
      assertThatThrownBy(() -> pool.exchange(PING))
          .isInstanceOf(ConnectFailedException.class)
          .hasMessageContaining("must call startTls");
    }
  }
}
