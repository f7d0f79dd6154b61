package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.CloseReport;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.time.Duration;

/** Listens to a pool, changes it while it works, looks at its figures, closes it. */
public final class WatchAndTune {

  private WatchAndTune() {}

  /** Works on a sink that it starts itself. */
  public static void main(String[] args) throws IOException {
    try (TcpPeer sink = TcpPeer.start(Behaviour.sink());
        TcpPool pool =
            TcpPool.builder(sink.hostPort())
                .name("metrics")
                .framing(Framing.lines())
                .listener(WatchAndTune::told)
                .build()) {
      pool.send("one".getBytes(UTF_8));
      pool.update(options -> options.connections(4, 20).maxIdle(Duration.ofMinutes(1)));
      pool.send("two".getBytes(UTF_8));
      for (EndpointSnapshot endpoint : pool.snapshot().endpoints()) {
        System.out.println(endpoint.endpoint() + " has served " + endpoint.messages());
      }
      pool.evict(); // idle connections now, leased ones when they are returned
      CloseReport report = pool.close(Duration.ofSeconds(3));
      System.out.println(report.isClean() ? "closed cleanly" : "had to force: " + report);
    }
  }

  static void told(PoolEvent event) {
    if (event instanceof PoolEvent.ConnectionClosed closed) {
      System.out.println("closed after " + closed.messages() + ": " + closed.reason());
    }
  }
}
