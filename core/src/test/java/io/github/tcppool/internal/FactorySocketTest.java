package io.github.tcppool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.RetryPolicy;
import io.github.tcppool.TcpPool;
import io.github.tcppool.internal.net.SocketContract;
import io.github.tcppool.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A socket from the factory, to an address of the pool and to another one. */
class FactorySocketTest {

  @Nested
  class Plain extends SocketContract {
    private final TcpPool pool = TcpPool.builder("127.0.0.1:9").build();

    @Override
    protected Socket create() throws IOException {
      return pool.asSocketFactory().createSocket();
    }

    @AfterEach
    void closePool() {
      pool.close();
    }
  }

  @Nested
  class Leased extends SocketContract {
    private TcpPool pool;

    @Override
    protected Socket create() throws IOException {
      pool =
          TcpPool.builder(server.hostPort())
              .retry(RetryPolicy.attempts(1))
              .closeTimeout(Duration.ofMillis(100))
              .drainTimeout(Duration.ofMillis(50))
              .build();
      return pool.asSocketFactory().createSocket();
    }

    @AfterEach
    void closePool() {
      pool.close();
    }

    @Test
    void itIsALease() throws IOException {
      connect();
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
