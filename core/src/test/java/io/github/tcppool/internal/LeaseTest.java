package io.github.tcppool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.CloseReason;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a connection when its lease ends. */
@Timeout(20)
class LeaseTest {

  private Loopback server;
  private TcpPool pool;
  private PooledSocket lease;
  private Socket peer;

  @BeforeEach
  void open() throws IOException {
    server = new Loopback();
    pool =
        TcpPool.builder(server.hostPort())
            .connections(0, 1)
            .drainTimeout(Duration.ofMillis(100))
            .closeTimeout(Duration.ofMillis(200))
            .build();
    lease = pool.lease();
    peer = server.accept();
  }

  @AfterEach
  void close() throws IOException {
    pool.close();
    peer.close();
    server.close();
  }

  private void assertKept() {
    assertThat(pool.snapshot().closedBy()).isEmpty();
    assertThat(pool.snapshot().endpoints().get(0).idle()).isEqualTo(1);
  }

  private void assertCounted(CloseReason reason) {
    await().untilAsserted(() -> assertThat(pool.snapshot().closedBy()).containsEntry(reason, 1L));
  }

  private void assertClosedFor(CloseReason reason) {
    assertCounted(reason);
    assertThat(pool.snapshot().endpoints().get(0).total()).isZero();
  }

  @Test
  void aCleanConnectionGoesBack() throws IOException {
    lease.getOutputStream().write(1);
    assertThat(peer.getInputStream().read()).isEqualTo(1);
    peer.getOutputStream().write(2);
    assertThat(lease.getInputStream().read()).isEqualTo(2);
    lease.close();

    assertKept();
  }

  @Test
  void closingTwiceGivesBackOnce() throws IOException {
    lease.close();
    PooledSocket second = pool.lease();
    lease.close();
    lease.discard();

    assertThat(second.isClosed()).isFalse();
    second.getOutputStream().write(3);
    assertThat(peer.getInputStream().read()).isEqualTo(3);
    second.close();
    assertKept();
  }

  @Test
  void useAfterReturnIsRefusedAndReachesNobody() throws IOException {
    InputStream in = lease.getInputStream();
    OutputStream out = lease.getOutputStream();
    lease.close();
    PooledSocket second = pool.lease();
    String told =
        "Socket is closed: its connection was given back to the pool and must not be used any more";

    assertThatThrownBy(in::read).isInstanceOf(SocketException.class).hasMessage(told);
    assertThatThrownBy(in::available).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class).hasMessage(told);
    assertThatThrownBy(lease::shutdownOutput).isInstanceOf(SocketException.class);
    assertThatThrownBy(lease::shutdownInput).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> lease.setTcpNoDelay(true)).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> lease.sendUrgentData(1)).isInstanceOf(SocketException.class);
    in.close();
    out.close();
    assertThat(second.isClosed()).isFalse();
    assertThat(second.isOutputShutdown()).isFalse();
    second.close();
  }

  @Test
  void unreadBytesAreReasonToClose() throws IOException {
    peer.getOutputStream().write(new byte[2]);
    assertThat(lease.getInputStream().read()).isZero();
    lease.close();

    assertClosedFor(CloseReason.UNREAD_BYTES);
  }

  @Test
  void bytesThatArriveAfterTheReturnReachNobody() throws IOException {
    lease.getOutputStream().write(1);
    lease.close();
    peer.getOutputStream().write(9);
    server.close();
    await()
        .untilAsserted(
            () -> {
              pool.tryLease().ifPresent(PooledSocket::discard);
              assertThat(pool.snapshot().closedBy()).isNotEmpty();
            });
    assertThat(pool.snapshot().closedBy()).containsKey(CloseReason.UNREAD_BYTES);
  }

  @Test
  void theEndOfTheStreamIsReasonToClose() throws IOException {
    peer.shutdownOutput();
    assertThat(lease.getInputStream().read()).isEqualTo(-1);
    lease.close();

    assertClosedFor(CloseReason.PEER_CLOSED);
  }

  @Test
  void aTimeoutIsReasonToClose() throws IOException {
    lease.setSoTimeout(10);
    assertThatThrownBy(() -> lease.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    lease.close();

    assertClosedFor(CloseReason.TIMED_OUT);
  }

  @Test
  void anInterruptIsReasonToClose() throws IOException {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> lease.getInputStream().read())
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    lease.close();

    assertClosedFor(CloseReason.INTERRUPTED);
  }

  @Test
  void aResetIsReasonToClose() throws IOException {
    peer.setSoLinger(true, 0);
    peer.close();
    assertThatThrownBy(() -> lease.getInputStream().read()).isInstanceOf(SocketException.class);
    lease.close();

    assertCounted(CloseReason.PEER_RESET); // a probe may have made another one since
  }

  @Test
  void aHalfCloseIsReasonToClose() throws IOException {
    lease.shutdownOutput();
    lease.close();

    assertThat(peer.getInputStream().read()).isEqualTo(-1);
    peer.close();
    assertClosedFor(CloseReason.HALF_CLOSED);
  }

  @Test
  void aReadUnderWayInAnotherThreadIsReasonToClose() throws Exception {
    Loopback.Inside<Integer> reader = Loopback.blockedRead(lease);
    lease.close();

    assertThatThrownBy(reader::result).isInstanceOf(SocketException.class);
    assertClosedFor(CloseReason.DISCARDED);
  }

  @Test
  void discardCloses() throws IOException {
    lease.discard();

    assertThat(lease.isClosed()).isTrue();
    assertThat(peer.getInputStream().read()).isEqualTo(-1);
    assertClosedFor(CloseReason.DISCARDED);
  }

  @Test
  void optionsAreAsBeforeForTheNextBorrower() throws IOException {
    boolean noDelay = lease.getTcpNoDelay();
    int linger = lease.getSoLinger();
    lease.setTcpNoDelay(!noDelay);
    lease.setSoLinger(true, 9);
    boolean keepAlive = lease.getKeepAlive();
    lease.setKeepAlive(!keepAlive);
    lease.setSoTimeout(1);
    lease.setReadDeadline(Duration.ZERO);
    lease.setWriteDeadline(Duration.ZERO);
    lease.close();
    PooledSocket second = pool.lease();

    assertKeptBy(second);
    assertThat(second.getTcpNoDelay()).isEqualTo(noDelay);
    assertThat(second.getSoLinger()).isEqualTo(linger);
    assertThat(second.getKeepAlive()).isEqualTo(keepAlive);
    assertThat(second.getSoTimeout()).isZero();
    second.getOutputStream().write(5);
    assertThat(peer.getInputStream().read()).isEqualTo(5);
    peer.getOutputStream().write(6);
    assertThat(second.getInputStream().read()).isEqualTo(6);
    second.close();
  }

  private void assertKeptBy(PooledSocket second) {
    assertThat(pool.snapshot().closedBy()).isEmpty();
    assertThat(second.getLocalPort()).isEqualTo(peer.getPort());
  }

  @Test
  void anOptionThatCannotBePutBackIsReasonToClose() throws IOException {
    lease.setOOBInline(true);
    lease.close();

    assertClosedFor(CloseReason.DISCARDED);
  }

  @Test
  void connectAndBindAreRefused() {
    assertThatThrownBy(() -> lease.connect(server.address()))
        .isInstanceOf(SocketException.class)
        .hasMessage("already connected");
    assertThatThrownBy(() -> lease.bind(null)).isInstanceOf(SocketException.class);
  }
}
