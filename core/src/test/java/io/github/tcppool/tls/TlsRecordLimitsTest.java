package io.github.tcppool.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.RetryPolicy;
import io.github.tcppool.TcpPool;
import io.github.tcppool.TlsOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A record that announces more than any record may hold is refused, and not waited for. */
@Timeout(60)
class TlsRecordLimitsTest {

  private static final SSLContext CONTEXT = TestAuthority.TRUSTED.issue("127.0.0.1").context();
  private static final Duration LONG = Duration.ofSeconds(30);

  private static TcpPool to(RawServer server) {
    return TcpPool.builder(server.hostPort())
        .connections(0, 1)
        .connectTimeout(LONG)
        .retry(RetryPolicy.attempts(1))
        .tls(TlsOptions.defaults().context(CONTEXT))
        .build();
  }

  /** Sends the head of a record and as many bytes as it announces, and then reads to the end. */
  private static void announce(Socket socket, int type, int bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(new byte[] {(byte) type, 3, 3, (byte) (bytes >> 8), (byte) bytes});
    out.write(new byte[bytes]);
    long unused = socket.getInputStream().transferTo(ByteArrayOutputStream.nullOutputStream());
  }

  @Test
  void withinTheHandshake() throws Exception {
    long begun = System.nanoTime();
    try (RawServer server = new RawServer(socket -> announce(socket, 22, 0x7f00));
        TcpPool pool = to(server)) {
      assertThatThrownBy(() -> pool.send("x".getBytes(UTF_8)))
          .isInstanceOf(ConnectFailedException.class)
          .hasMessageContaining("TLS");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG.dividedBy(2));
  }

  @Test
  void betweenMessages() throws Exception {
    try (RawServer server =
            new RawServer(
                socket -> {
                  SSLSocket tls = RawServer.secure(socket, CONTEXT);
                  int unused = tls.getInputStream().read(new byte[100]);
                  announce(socket, 23, 17_424);
                });
        TcpPool pool = to(server);
        PooledSocket lease = pool.lease()) {
      lease.getOutputStream().write("x".getBytes(UTF_8));
      lease.setSoTimeout(Math.toIntExact(LONG.toMillis()));
      assertThatThrownBy(() -> lease.getInputStream().readNBytes(64 << 10))
          .isInstanceOf(SSLException.class);
    }
  }
}
