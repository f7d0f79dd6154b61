package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.Outbox;
import io.github.tcppool.OutboxOptions;
import io.github.tcppool.OutboxSnapshot;
import io.github.tcppool.Overflow;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.time.Duration;

/** Ships readings to a sink that is down for a while, and never makes the program wait for it. */
public final class ShipMetrics {

  private static final OutboxOptions METRICS =
      OutboxOptions.defaults()
          .maxMessages(10_000)
          .overflow(Overflow.dropOldest()) // new readings are worth more than old ones
          .listener((message, cause) -> System.err.println("lost: " + cause.getMessage()));

  private ShipMetrics() {}

  /** Ships to a sink that it starts, stops and starts again. */
  public static void main(String[] args) throws IOException {
    try (TcpPeer sink = TcpPeer.start(Behaviour.sink());
        TcpPool pool = TcpPool.builder(sink.hostPort()).framing(Framing.lines()).build();
        Outbox outbox = pool.outbox(METRICS)) {
      sink.kill();
      for (int i = 1; i <= 1_000; i++) {
        boolean taken = outbox.offer(("reading " + i).getBytes(UTF_8)); // returns at once
        if (!taken) {
          System.err.println("not taken: " + i);
        }
      }
      System.out.println(outbox.snapshot().queued() + " readings wait");
      sink.restart();
      boolean flushed = outbox.flush(Duration.ofSeconds(5));
      OutboxSnapshot now = outbox.snapshot();
      System.out.println("flushed: " + flushed + ", " + now.sent() + " sent");
    }
  }
}
