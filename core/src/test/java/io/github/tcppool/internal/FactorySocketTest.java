package io.github.tcppool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.TcpPool;
import io.github.tcppool.internal.net.Loopback;
import io.github.tcppool.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
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
}
