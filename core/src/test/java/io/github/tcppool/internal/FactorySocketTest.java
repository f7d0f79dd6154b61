package io.github.tcppool.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.TcpPool;
import io.github.tcppool.internal.net.SocketContract;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
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
              .retry(io.github.tcppool.RetryPolicy.attempts(1))
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
}
