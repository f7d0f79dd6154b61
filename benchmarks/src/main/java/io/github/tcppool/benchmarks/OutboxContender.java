package io.github.tcppool.benchmarks;

import io.github.tcppool.Outbox;
import io.github.tcppool.OutboxOptions;
import io.github.tcppool.Overflow;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import java.io.IOException;
import java.time.Duration;

/** An outbox in front of a pool; a full one makes the caller wait, so that nothing is dropped. */
final class OutboxContender implements Contender {

  private final TcpPool pool;
  private final Outbox outbox;

  private OutboxContender(TcpPool pool) {
    this.pool = pool;
    outbox = pool.outbox(OutboxOptions.defaults().overflow(Overflow.block(Duration.ofSeconds(30))));
  }

  static OutboxContender sending(int port, int connections) {
    return new OutboxContender(PoolContender.open(port, connections, Framing.none()));
  }

  @Override
  public Operation operation(int thread) {
    byte[] message = Contender.message(MESSAGE_BYTES);
    return () -> {
      if (!outbox.offer(message)) {
        throw new IOException("offer was refused");
      }
    };
  }

  @Override
  public void close() {
    pool.close();
  }
}
