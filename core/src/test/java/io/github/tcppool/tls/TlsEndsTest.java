package io.github.tcppool.tls;

import static io.github.tcppool.tls.Trusting.CONTEXT;
import static io.github.tcppool.tls.Trusting.PING;
import static io.github.tcppool.tls.Trusting.TRUSTING;
import static io.github.tcppool.tls.Trusting.narrowTo;
import static io.github.tcppool.tls.Trusting.stalled;
import static io.github.tcppool.tls.Trusting.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.CloseReport;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections through TLS are ended by us. */
@Timeout(60)
class TlsEndsTest {

  /**
   * For what takes a few milliseconds beside the 200 that a test allows; a peer that is waited for,
   * or a writer, would take for ever, and a drain three seconds.
   */
  private static final Duration BOUND = Duration.ofMillis(1_500);

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

  @Test
  void anOrderlyCloseWaitsForWhatThePeerHasStillToSay() throws Exception {
    CompletableFuture<Integer> afterAll = new CompletableFuture<>();
    try (RawServer server =
            new RawServer(
                socket -> {
                  SSLSocket tls = RawServer.secure(socket, CONTEXT);
                  try {
                    byte[] ping = tls.getInputStream().readNBytes(5);
                    tls.getOutputStream().write(ping);
                    int end = tls.getInputStream().read(); // close_notify
                    tls.getOutputStream().write(new byte[1_000_000]); // more than buffers hold
                    int below = socket.getInputStream().read();
                    afterAll.complete(Math.max(end, below));
                  } catch (IOException e) {
                    afterAll.completeExceptionally(e); // such as a reset
                  }
                });
        TcpPool pool = to(server.hostPort(), TRUSTING.protocols("TLSv1.3")).build()) {
      assertThat(pool.exchange(PING)).isEqualTo(PING);
      CloseReport report = pool.close(Duration.ofSeconds(10));
      assertThat(afterAll.get(10, TimeUnit.SECONDS)).as("two orderly ends").isEqualTo(-1);
      assertThat(report.forced()).isZero();
      assertThat(report.drained()).isEqualTo(1);
    }
  }

  @Test
  void anAbortResetsTheSocketBelowAndSaysNothing() throws Exception {
    CompletableFuture<String> end = new CompletableFuture<>();
    CountDownLatch opened = new CountDownLatch(1);
    CountDownLatch aborted = new CountDownLatch(1);
    try (RawServer server =
            new RawServer(
                socket -> {
                  int first = RawServer.secure(socket, CONTEXT).getInputStream().read();
                  opened.countDown();
                  aborted.await();
                  end.complete(first < 0 ? "nothing came" : howItEnds(socket));
                });
        // a ticket of TLS 1.3 that nobody has read would make the kernel reset by itself
        TcpPool pool = narrowTo(server.hostPort()).tls(TRUSTING.protocols("TLSv1.2")).build()) {
      CompletableFuture<Throwable> writer = failing(() -> pool.send(new byte[1_000_000]));
      assertThat(opened.await(10, TimeUnit.SECONDS)).isTrue();
      awaitBlocked(pool);
      CloseReport report = pool.close(Duration.ZERO);
      assertThat(report.forced()).isEqualTo(1);
      assertThat(writer.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      aborted.countDown();
      assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo("Connection reset");
    }
  }

  private static String howItEnds(Socket socket) {
    try {
      long rest = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      return "an orderly end after " + rest + " bytes";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Waits until a write to the only endpoint has come as far as it can. */
  private static void awaitBlocked(TcpPool pool) {
    AtomicLong before = new AtomicLong(-1);
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              long now = pool.snapshot().endpoints().get(0).bytesWritten();
              return now > 0 && now == before.getAndSet(now);
            });
  }

  private static CompletableFuture<Throwable> failing(Executable write) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            write.execute();
            return new AssertionError("the write has ended");
          } catch (Throwable t) {
            return t;
          }
        });
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  @Test
  void aPoolWithABlockedWriterClosesWithinItsBound() throws Exception {
    try (TcpPeer stalled = stalled();
        TcpPool pool = narrowTo(stalled.hostPort()).build()) {
      CompletableFuture<Throwable> writer = failing(() -> pool.send(new byte[500_000]));
      awaitBlocked(pool);
      long begun = System.nanoTime();
      CloseReport report = pool.close(Duration.ofMillis(200));
      assertThat(since(begun)).as("200 ms, and what it takes to end").isLessThan(BOUND);
      assertThat(writer.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      assertThat(since(begun)).isLessThan(BOUND);
      assertThat(report.forced()).isEqualTo(1);
    }
  }

  @Test
  void aLeaseWithABlockedWriterIsDiscardedAtOnce() throws Exception {
    try (TcpPeer stalled = stalled();
        TcpPool pool = narrowTo(stalled.hostPort()).build()) {
      PooledSocket lease = pool.lease();
      CompletableFuture<Throwable> writer =
          failing(() -> lease.getOutputStream().write(new byte[500_000]));
      awaitBlocked(pool);
      long begun = System.nanoTime();
      lease.discard();
      assertThat(writer.get(10, TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
      assertThat(since(begun)).isLessThan(BOUND);
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
}
