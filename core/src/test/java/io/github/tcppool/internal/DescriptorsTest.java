package io.github.tcppool.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tcppool.CallOptions;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.internal.net.ChannelSocket;
import io.github.tcppool.internal.net.Descriptors;
import io.github.tcppool.internal.net.Loopback;
import io.github.tcppool.testkit.Ports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections come and go by the hundred; their descriptors go with them. */
@Timeout(30)
class DescriptorsTest {

  private static final int ROUNDS = 500;

  /** What the free list of selectors may hold: two each, and a channel that is on its way out. */
  private static final int SLACK = 4;

  private Loopback server;

  private interface Round {
    void run() throws IOException;
  }

  @BeforeEach
  void open() throws IOException {
    assumeTrue(Descriptors.open() > 0, "needs /proc/self/fd");
    server = new Loopback();
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  /** Runs it until all free lists are full, then counts what the next rounds leave behind. */
  private static void assertLeavesNothingOpen(Round round) throws IOException {
    for (int i = 0; i < 40; i++) {
      round.run();
    }
    long before = Descriptors.open();
    for (int i = 0; i < ROUNDS; i++) {
      round.run();
    }
    await().untilAsserted(() -> assertThat(Descriptors.open()).isLessThanOrEqualTo(before + SLACK));
  }

  @Test
  void connectWaitAndCloseLeaveNothingOpen() throws IOException {
    assertLeavesNothingOpen(
        () -> {
          try (ChannelSocket socket = new ChannelSocket()) {
            socket.connect(server.address());
            Socket peer = server.accept();
            socket.setSoTimeout(1);
            assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
            peer.close();
          }
        });
  }

  @Test
  void refusedConnectsLeaveNothingOpen() throws IOException {
    InetSocketAddress nobody = Ports.unusedAddress();
    assertLeavesNothingOpen(
        () -> {
          try (ChannelSocket socket = new ChannelSocket()) {
            assertThatThrownBy(() -> socket.connect(nobody, 1_000)).isInstanceOf(IOException.class);
          }
        });
  }

  @Test
  void leasesThatAreDiscardedLeaveNothingOpen() throws IOException {
    try (TcpPool pool = pool()) {
      assertLeavesNothingOpen(() -> leaseAndEnd(pool));
    }
  }

  @Test
  void connectionsThatAreReceivedFromLeaveNothingOpen() throws Exception {
    TcpPool pool = pool();
    Loopback.Inside<byte[]> receiver =
        Loopback.inside(() -> pool.receive(CallOptions.within(Duration.ofMinutes(1))));
    assertLeavesNothingOpen(() -> leaseAndEnd(pool));
    assertLeavesNothingOpen(() -> sendAndLose(pool));
    assertThat(receiver.isOver()).isFalse();
    pool.close();
    assertThatThrownBy(receiver::result).isInstanceOf(IOException.class);
  }

  @Test
  void connectionsThatWereReceivedFromLeaveNothingOpenWhenNobodyReceives() throws IOException {
    try (TcpPool pool = pool()) {
      assertThatThrownBy(() -> pool.receive(CallOptions.within(Duration.ZERO)))
          .isInstanceOf(SocketTimeoutException.class);
      assertLeavesNothingOpen(() -> leaseAndEnd(pool));
    }
  }

  @Test
  void aPoolLeavesNothingOpen() throws IOException {
    assertLeavesNothingOpen(
        () -> {
          try (TcpPool pool = pool()) {
            leaseAndEnd(pool);
          }
        });
  }

  private TcpPool pool() {
    return TcpPool.builder(server.hostPort())
        .connections(0, 2)
        .framing(Framing.lines())
        .drainTimeout(Duration.ofMillis(50))
        .build();
  }

  private void leaseAndEnd(TcpPool pool) throws IOException {
    PooledSocket lease = pool.lease();
    Socket peer = server.accept();
    lease.setSoTimeout(1);
    assertThatThrownBy(() -> lease.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    lease.close();
    peer.close();
  }

  /** The peer goes first, and whoever receives finds out. */
  private void sendAndLose(TcpPool pool) throws IOException {
    long closed = pool.snapshot().endpoints().get(0).closed();
    pool.send("hello".getBytes(UTF_8));
    server.accept().close();
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> pool.snapshot().endpoints().get(0).closed() > closed);
  }
}
