package io.github.tcppool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.Endpoint;
import io.github.tcppool.TcpPool;
import io.github.tcppool.internal.net.Loopback;
import io.github.tcppool.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;

/**
 * What a socket from the factory has to do with the pool; what it does as a socket is in the
 * conformance suite.
 */
class FactorySocketTest {

  @Test
  void connectedToAnAddressOfThePoolItIsALease() throws IOException {
    try (Loopback server = new Loopback();
        TcpPool pool = TcpPool.builder(server.hostPort()).build()) {
      Socket socket = pool.asSocketFactory().createSocket();
      socket.connect(server.address());
      assertThat(pool.snapshot().endpoints().get(0).leased()).isEqualTo(1);
      socket.close();
      assertThat(pool.snapshot().endpoints().get(0).idle()).isEqualTo(1);
    }
  }

  @Test
  void closeWakesAConnectThatWaitsForALease() throws Exception {
    try (TcpPool pool = TcpPool.builder("127.0.0.1:" + Ports.unused()).build()) {
      Socket socket = pool.asSocketFactory().createSocket();
      int port = pool.snapshot().endpoints().get(0).endpoint().port();
      FutureTask<Void> connecting =
          new FutureTask<>(
              () -> {
                socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 20_000);
                return null;
              });
      Thread thread = new Thread(connecting, "connecting");
      thread.start();
      await().until(() -> pool.snapshot().waiting() == 1);
      socket.close();
      assertThatThrownBy(() -> connecting.get(2, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(SocketException.class)
          .hasMessage("Socket closed");
      assertThat(pool.snapshot().waiting()).isZero();
    }
  }

  /** A pool whose one name is not answered until the gate opens; nothing is ever leased. */
  private static SocketFactory overSilentNames(
      CountDownLatch gate, AtomicInteger lookUps, int port) {
    PoolNames names =
        new PoolNames(
            host -> {
              lookUps.incrementAndGet();
              assertThat(awaited(gate)).isTrue();
              return new InetAddress[0];
            },
            work -> new Thread(work, "look-up").start());
    return new PoolSocketFactory(
        () -> List.of(Endpoint.of("slow.test", port)),
        names,
        () -> TimeUnit.SECONDS.toNanos(30),
        true,
        (endpoint, options) -> {
          throw new AssertionError("nothing is to be leased");
        });
  }

  private static boolean awaited(CountDownLatch gate) {
    try {
      return gate.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  void aLookUpOfThePoolsNamesCountsAgainstTheTimeoutAndIsNotDoneTwiceAtATime() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger lookUps = new AtomicInteger();
    try (Loopback elsewhere = new Loopback()) {
      SocketFactory factory = overSilentNames(gate, lookUps, elsewhere.address().getPort());
      for (int i = 0; i < 3; i++) {
        Socket socket = factory.createSocket();
        long begun = System.nanoTime();
        assertThatThrownBy(() -> socket.connect(elsewhere.address(), 50))
            .isInstanceOf(SocketTimeoutException.class)
            .hasMessageContaining("slow.test");
        assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(5));
        assertThat(socket.isClosed()).isTrue();
      }
      assertThat(lookUps).hasValue(1);
      gate.countDown();
    }
  }

  @Test
  void closeWakesAConnectThatWaitsForALookUp() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (Loopback elsewhere = new Loopback()) {
      int port = elsewhere.address().getPort();
      Socket socket = overSilentNames(gate, new AtomicInteger(), port).createSocket();
      Loopback.Inside<Void> connecting =
          Loopback.inside(
              () -> {
                socket.connect(elsewhere.address());
                return null;
              });
      socket.close();
      assertThatThrownBy(connecting::result)
          .isInstanceOf(SocketException.class)
          .hasMessage("Socket closed");
      gate.countDown();
    }
  }

  @Test
  void anAddressThatNoNameOfThePoolHasIsConnectedToDirectly() throws Exception {
    CountDownLatch gate = new CountDownLatch(0);
    try (Loopback elsewhere = new Loopback()) {
      int port = elsewhere.address().getPort();
      try (Socket socket = overSilentNames(gate, new AtomicInteger(), port).createSocket()) {
        socket.connect(elsewhere.address(), 5_000);
        assertThat(elsewhere.accept().isConnected()).isTrue();
      }
    }
  }
}
