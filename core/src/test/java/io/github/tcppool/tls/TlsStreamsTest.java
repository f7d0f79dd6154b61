package io.github.tcppool.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.CloseReason;
import io.github.tcppool.CloseReport;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.ReplyFailedException;
import io.github.tcppool.RetryPolicy;
import io.github.tcppool.TcpPool;
import io.github.tcppool.TlsOptions;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.FaultProxy;
import io.github.tcppool.testkit.TcpPeer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How streams of TLS begin, go on and end. */
@Timeout(60)
class TlsStreamsTest {

  private static final SSLContext CONTEXT = TestAuthority.TRUSTED.issue("127.0.0.1").context();
  private static final TlsOptions TRUSTING = TlsOptions.defaults().context(CONTEXT);
  private static final byte[] PING = "ping".getBytes(UTF_8);

  private static TcpPool.Builder to(String endpoint, TlsOptions options) {
    return TcpPool.builder(endpoint)
        .connections(0, 1)
        .framing(Framing.lines())
        .connectTimeout(Duration.ofSeconds(10))
        .retry(RetryPolicy.attempts(1))
        .tls(options);
  }

  // ---- truncation ----

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

  // ---- what TLS says for itself ----

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

  // ---- ends of our own ----

  @Test
  void anOrderlyCloseSaysSoThroughTls() throws Exception {
    CompletableFuture<Integer> lastRecord = new CompletableFuture<>();
    try (RawServer server =
            new RawServer(
                socket -> {
                  SSLSocket tls = RawServer.secure(socket, CONTEXT);
                  byte[] ping = tls.getInputStream().readNBytes(5);
                  tls.getOutputStream().write(ping);
                  byte[] rest = socket.getInputStream().readAllBytes(); // what is below TLS
                  lastRecord.complete(rest.length < 5 ? -1 : (int) rest[0]);
                });
        TcpPool pool = to(server.hostPort(), TRUSTING.protocols("TLSv1.2")).build()) {
      assertThat(pool.exchange(PING)).isEqualTo(PING);
      pool.evict(any -> true);
      assertThat(lastRecord.get(10, TimeUnit.SECONDS)).as("an alert").isEqualTo(21);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aHalfCloseOfALeaseIsSeenByThePeer(String version) throws Exception {
    try (RawServer server =
            new RawServer(
                socket -> {
                  SSLSocket tls = RawServer.secure(socket, CONTEXT);
                  byte[] all = tls.getInputStream().readAllBytes();
                  if (version.equals("TLSv1.3")) { // TLS 1.2 has no half-close
                    tls.getOutputStream().write(all);
                  }
                  tls.close();
                });
        TcpPool pool = to(server.hostPort(), TRUSTING.protocols(version)).build();
        PooledSocket lease = pool.lease()) {
      lease.getOutputStream().write(PING);
      lease.shutdownOutput();
      byte[] expected = version.equals("TLSv1.3") ? PING : new byte[0];
      assertThat(lease.getInputStream().readAllBytes()).isEqualTo(expected);
    }
  }

  @Test
  void aPoolWithABlockedWriterClosesWithinItsBound() throws Exception {
    try (TcpPeer stalled =
            TcpPeer.builder()
                .tls(CONTEXT)
                .behaviour(Behaviour.stalled())
                .receiveBuffer(4_096)
                .start();
        TcpPool pool =
            to(stalled.hostPort(), TRUSTING)
                .socketOption(StandardSocketOptions.SO_SNDBUF, 4_096)
                .build()) {
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(
              () ->
                  assertThatThrownBy(() -> pool.send(new byte[500_000], CallOptions.defaults()))
                      .isInstanceOf(IOException.class));
      stalled.awaitAccepted(1);
      long begun = System.nanoTime();
      CloseReport report = pool.close(Duration.ofMillis(100));
      writer.get(10, TimeUnit.SECONDS);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
      assertThat(report.forced()).isLessThanOrEqualTo(1);
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

  @Test
  void whatAWriterWasToldIsWrittenIsNotWrittenTwice() throws Exception {
    try (TcpPeer slow =
            TcpPeer.builder()
                .tls(CONTEXT)
                .behaviour(Behaviour.stalled())
                .receiveBuffer(4_096)
                .start();
        TcpPool pool =
            to(slow.hostPort(), TRUSTING)
                .socketOption(StandardSocketOptions.SO_SNDBUF, 4_096)
                .build();
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

  // ---- STARTTLS ----

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
