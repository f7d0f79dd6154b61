package io.github.tcppool.tls;

import static io.github.tcppool.tls.Trusting.CONTEXT;
import static io.github.tcppool.tls.Trusting.PING;
import static io.github.tcppool.tls.Trusting.TRUSTING;
import static io.github.tcppool.tls.Trusting.narrowTo;
import static io.github.tcppool.tls.Trusting.stalled;
import static io.github.tcppool.tls.Trusting.to;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.Outcome;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.ReplyFailedException;
import io.github.tcppool.SendFailedException;
import io.github.tcppool.TcpPool;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records of TLS: what they hold, what counts as sent, and those that hold nothing. */
@Timeout(60)
class TlsRecordsTest {

  @Test
  void aKeyUpdateOfTheServerIsAnsweredAndIsNoByteOfTheStream() throws Exception {
    AtomicInteger updates = new AtomicInteger();
    try (RawServer server =
            new RawServer(
                socket -> {
                  SSLSocket tls = RawServer.secure(socket, CONTEXT);
                  byte[] ping = new byte[5];
                  while (tls.getInputStream().readNBytes(ping, 0, 5) == 5) {
                    tls.getOutputStream().write(ping);
                    tls.startHandshake(); // under TLS 1.3: new keys, and a request for ours
                    updates.incrementAndGet();
                  }
                });
        TcpPool pool = to(server.hostPort(), TRUSTING.protocols("TLSv1.3")).build()) {
      for (int i = 0; i < 20; i++) {
        assertThat(pool.exchange(PING)).isEqualTo(PING);
        int sent = i;
        await().until(() -> updates.get() > sent); // while the connection is idle
      }
      assertThat(server.accepted()).isEqualTo(1);
    }
  }

  @Test
  void aFloodOfRecordsThatHoldNothingCostsThePeerItsConnection() throws Exception {
    try (RawServer server =
            new RawServer(
                socket -> {
                  SSLSocket tls = RawServer.secure(socket, CONTEXT);
                  int unused = tls.getInputStream().read(new byte[100]);
                  while (true) {
                    tls.startHandshake(); // under TLS 1.3: new keys, and a request for ours
                  }
                });
        TcpPool pool = to(server.hostPort(), TRUSTING.protocols("TLSv1.3")).build()) {
      assertThatThrownBy(() -> pool.exchange(PING, CallOptions.within(Duration.ofSeconds(30))))
          .isInstanceOf(ReplyFailedException.class)
          .hasMessageContaining("more than 100 TLS records in a row that hold nothing");
    }
  }

  @Test
  void aNewHandshakeWithinTheConnectionIsRefused() throws Exception {
    try (RawServer server =
            new RawServer(
                socket -> {
                  SSLSocket tls = RawServer.secure(socket, CONTEXT);
                  int unused = tls.getInputStream().read(new byte[100]);
                  tls.startHandshake(); // under TLS 1.2: asks for another handshake
                  tls.getOutputStream().write("ping\n".getBytes(UTF_8));
                  int end = tls.getInputStream().read();
                  assertThat(end).isNegative();
                });
        TcpPool pool = to(server.hostPort(), TRUSTING.protocols("TLSv1.2")).build()) {
      assertThatThrownBy(() -> pool.exchange(PING))
          .isInstanceOf(ReplyFailedException.class)
          .hasMessageContaining("new handshake within the connection: refused");
    }
  }

  @Test
  void whatAWriterWasToldIsWrittenIsNotWrittenTwice() throws Exception {
    try (TcpPeer slow = stalled();
        TcpPool pool = narrowTo(slow.hostPort()).build();
        PooledSocket lease = pool.lease()) {
      byte[] all = new byte[300_000];
      new java.util.Random(7).nextBytes(all);
      int from = 0;
      lease.setWriteDeadline(Duration.ofMillis(100));
      while (from < all.length) {
        try {
          lease.getOutputStream().write(all, from, all.length - from);
          from = all.length;
        } catch (java.net.SocketTimeoutException e) {
          from += e.bytesTransferred;
          lease.setWriteDeadline(Duration.ofSeconds(20));
          slow.resume();
        }
      }
      slow.awaitBytes(all.length);
      byte[] start = slow.connection(1).received();
      assertThat(start).isEqualTo(java.util.Arrays.copyOf(all, start.length));
      assertThat(slow.bytesReceived()).isEqualTo(all.length);
    }
  }

  /** What the peer has opened it may have acted upon, however the connection ends after that. */
  @Test
  void aMessageOfWhichARecordWentOutIsNeverReportedAsNotSent() throws Exception {
    try (RawServer server =
            new RawServer(
                socket -> {
                  int opened = RawServer.secure(socket, CONTEXT).getInputStream().read();
                  assertThat(opened).isNotNegative();
                  socket.setSoLinger(true, 0); // a reset, while the client writes on
                });
        TcpPool pool = narrowTo(server.hostPort()).resendTorn(false).build()) {
      for (int round = 0; round < 30; round++) {
        assertThatThrownBy(() -> pool.exchange(new byte[500_000]))
            .isInstanceOfSatisfying(
                SendFailedException.class,
                e -> {
                  assertThat(e.outcome()).isEqualTo(Outcome.PARTIAL);
                  assertThat(e.bytesWritten()).isPositive();
                });
      }
      assertThat(server.accepted()).isEqualTo(30);
    }
  }

  @Test
  void framesThatCameInOneGoAreAllReceived() throws Exception {
    try (TcpPeer peer = TcpPeer.builder().tls(CONTEXT).behaviour(Behaviour.sink()).start();
        TcpPool pool = to(peer.hostPort(), TRUSTING).connections(1).build()) {
      assertThatThrownBy(() -> pool.receive(CallOptions.within(Duration.ofMillis(1))))
          .isInstanceOf(CallTimeoutException.class);
      peer.awaitAccepted(1);
      String line = "x".repeat(7_000);
      peer.connection(1).send((line + "\n").repeat(40));
      for (int i = 0; i < 40; i++) {
        assertThat(pool.receive(CallOptions.within(Duration.ofSeconds(10)))).hasSize(7_000);
      }
    }
  }

  /** The whole record is opened at once, but only a part of it fits where frames are looked for. */
  @Test
  void aReplyOfOneLargeRecordIsReadThoughNothingArrivesBehindIt() throws Exception {
    try (RawServer server = RawServer.echo(CONTEXT, false);
        TcpPool pool = to(server.hostPort(), TRUSTING).build()) {
      byte[] request = "x".repeat(15_000).getBytes(UTF_8);
      assertThat(pool.exchange(request, CallOptions.within(Duration.ofSeconds(10))))
          .isEqualTo(request);
    }
  }
}
