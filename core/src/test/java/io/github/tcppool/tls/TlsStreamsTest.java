package io.github.tcppool.tls;

import static io.github.tcppool.tls.Trusting.CONTEXT;
import static io.github.tcppool.tls.Trusting.PING;
import static io.github.tcppool.tls.Trusting.TRUSTING;
import static io.github.tcppool.tls.Trusting.to;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.CloseReason;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.ReplyFailedException;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.testkit.FaultProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How streams of TLS go on and end. */
@Timeout(60)
class TlsStreamsTest {

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aReplyThatIsCutAtAnyByteIsNeverTakenForWhole(String version) throws Exception {
    int least = 5 + PING.length + 1 + 16; // header, line, tag: no whole record is shorter
    int cut = 1;
    try (RawServer server = RawServer.echo(CONTEXT, false)) {
      while (isCut(server, version, cut)) {
        cut++;
      }
    }
    assertThat(cut).isBetween(least, 100);
  }

  /** True if the reply was reported to be cut; false if it came whole. */
  private static boolean isCut(RawServer server, String version, int cut) throws IOException {
    try (FaultProxy proxy = FaultProxy.to(server.address());
        TcpPool pool = to(proxy.hostPort(), TRUSTING.protocols(version)).build()) {
      assertThat(pool.exchange(PING)).isEqualTo(PING);
      proxy.downstream().cutAfter(cut);
      assertThat(pool.exchange(PING)).as("a whole record").isEqualTo(PING);
      return false;
    } catch (ReplyFailedException e) {
      assertThat(e).hasMessageContaining("without close_notify");
      return true;
    }
  }

  /** Sends two records, the first of which ends within a frame, and ends the connection. */
  private static RawServer cutting(boolean saysEnd) throws IOException {
    return new RawServer(
        socket -> {
          SSLSocket tls = RawServer.secure(socket, CONTEXT);
          int unused = tls.getInputStream().read(new byte[100]);
          tls.getOutputStream().write("half a fr".getBytes(UTF_8));
          if (saysEnd) {
            tls.shutdownOutput();
          }
          socket.shutdownOutput();
          long rest = socket.getInputStream().transferTo(ByteArrayOutputStream.nullOutputStream());
          assertThat(rest).isNotNegative();
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEndWithinAFrameIsAnErrorHoweverItIsSaid(boolean saysEnd) throws Exception {
    try (RawServer server = cutting(saysEnd);
        TcpPool pool = to(server.hostPort(), TRUSTING.requireCloseNotify(false)).build()) {
      assertThatThrownBy(() -> pool.exchange(PING))
          .isInstanceOf(ReplyFailedException.class)
          .hasRootCauseInstanceOf(FrameException.class)
          .hasMessageContaining("stream ended within a frame");
      assertThat(pool.snapshot().closedBy()).containsKey(CloseReason.BAD_FRAME);
    }
  }

  @Test
  void aStreamThatEndsWithoutCloseNotifyIsAnErrorToItsReader() throws Exception {
    try (RawServer server = cutting(false);
        TcpPool pool = to(server.hostPort(), TRUSTING).build();
        PooledSocket lease = pool.lease()) {
      lease.getOutputStream().write(PING);
      InputStream in = lease.getInputStream();
      assertThat(in.readNBytes(9)).isEqualTo("half a fr".getBytes(UTF_8));
      assertThatThrownBy(in::read)
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("without close_notify");
    }
  }

  @Test
  void aStreamThatEndsWithoutCloseNotifyIsAnEndWhereThatIsAllowed() throws Exception {
    try (RawServer server = cutting(false);
        TcpPool pool = to(server.hostPort(), TRUSTING.requireCloseNotify(false)).build();
        PooledSocket lease = pool.lease()) {
      lease.getOutputStream().write(PING);
      assertThat(lease.getInputStream().readAllBytes()).isEqualTo("half a fr".getBytes(UTF_8));
    }
  }

  @Test
  void aStreamThatEndsWithCloseNotifyIsAnEnd() throws Exception {
    try (RawServer server = cutting(true);
        TcpPool pool = to(server.hostPort(), TRUSTING).build();
        PooledSocket lease = pool.lease()) {
      lease.getOutputStream().write(PING);
      assertThat(lease.getInputStream().readAllBytes()).isEqualTo("half a fr".getBytes(UTF_8));
    }
  }

  @Test
  void aReadThatTimedOutLeavesTheSessionGoing() throws Exception {
    try (RawServer server = RawServer.echo(CONTEXT, false);
        TcpPool pool = to(server.hostPort(), TRUSTING).build();
        PooledSocket lease = pool.lease()) {
      lease.setSoTimeout(20);
      assertThatThrownBy(() -> lease.getInputStream().read())
          .isInstanceOf(java.net.SocketTimeoutException.class);
      lease.setSoTimeout(0);
      lease.getOutputStream().write(PING);
      assertThat(lease.getInputStream().readNBytes(4)).isEqualTo(PING);
    }
  }
}
