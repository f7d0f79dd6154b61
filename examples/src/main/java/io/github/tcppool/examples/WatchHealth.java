package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.CallOptions;
import io.github.tcppool.EndpointHealth;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.HealthPolicy;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.time.Duration;

/** Asks two servers, of which one breaks every connection in the middle of its answer. */
public final class WatchHealth {

  private static final CallOptions QUERY = CallOptions.defaults().idempotent();

  /** Far more than it takes: each failure needs a connection, and those are made 10 ms apart. */
  private static final int MOST_QUERIES = 100_000;

  private WatchHealth() {}

  /** Asks until the bad server is left alone, and says why it is. */
  public static void main(String[] args) throws IOException {
    Behaviour breaks =
        Behaviour.silent().afterFrames(1, Behaviour.sends("pri").then(Behaviour.reset()));
    try (TcpPeer good = TcpPeer.start(Behaviour.echo());
        TcpPeer bad = TcpPeer.start(breaks);
        TcpPool pool = open(good.hostPort(), bad.hostPort())) {
      for (int i = 0; i < MOST_QUERIES && areAllUp(pool); i++) {
        String reply = new String(pool.exchange("price?".getBytes(UTF_8), QUERY), UTF_8);
        if (!reply.equals("price?")) {
          throw new IOException("not what was asked for: " + reply);
        }
      }
      tell(pool);
    }
  }

  private static boolean areAllUp(TcpPool pool) {
    return pool.snapshot().endpoints().stream()
        .allMatch(endpoint -> endpoint.health().state() == EndpointHealth.UP);
  }

  static TcpPool open(String... endpoints) {
    return TcpPool.builder(endpoints)
        .health(HealthPolicy.defaults().failuresInRow(3).slowStart(Duration.ofSeconds(30)))
        .framing(Framing.lines())
        .build();
  }

  static void tell(TcpPool pool) {
    for (EndpointSnapshot endpoint : pool.snapshot().endpoints()) {
      System.out.println(
          endpoint.endpoint()
              + " "
              + endpoint.health().state()
              + ": "
              + endpoint.health().reason());
    }
  }
}
