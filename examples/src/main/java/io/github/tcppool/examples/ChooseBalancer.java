package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.CallOptions;
import io.github.tcppool.Endpoint;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.TcpPool;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Spreads calls over two servers by weight, by key, and by a rule of its own. */
public final class ChooseBalancer {

  /** The first usable endpoint in our zone, else whichever is the first usable one. */
  static final Balancer NEAREST =
      (candidates, key) -> {
        int best = 0;
        for (int i = candidates.size() - 1; i >= 0; i--) {
          boolean near = "a".equals(candidates.endpoint(i).labels().get("zone"));
          if (candidates.isUsable(i) && (near || !candidates.isUsable(best))) {
            best = i;
          }
        }
        return best;
      };

  private ChooseBalancer() {}

  /** Works on servers that it starts itself. */
  public static void main(String[] args) throws IOException {
    try (TcpPeer large = TcpPeer.start(Behaviour.echo());
        TcpPeer small = TcpPeer.start(Behaviour.echo())) {
      Endpoint first = Endpoint.parse(large.hostPort()).withLabels(Map.of("zone", "b"));
      Endpoint second = Endpoint.parse(small.hostPort()).withLabels(Map.of("zone", "a"));
      System.out.println("by weight: " + byWeight(first, second));
      System.out.println("by key: " + byKey(first, second));
      System.out.println("nearest: " + nearest(first, second));
    }
  }

  private static List<Long> byWeight(Endpoint first, Endpoint second) throws IOException {
    try (TcpPool pool =
        TcpPool.builder(List.of(first.withWeight(3), second.withWeight(1)))
            .balancer(Balancer.weighted())
            .framing(Framing.lines())
            .build()) {
      for (int i = 0; i < 40; i++) {
        pool.exchange("hello".getBytes(UTF_8));
      }
      return picks(pool);
    }
  }

  private static List<Long> byKey(Endpoint first, Endpoint second) throws IOException {
    try (TcpPool pool =
        TcpPool.builder(List.of(first, second))
            .balancer(Balancer.sticky())
            .framing(Framing.lines())
            .build()) {
      for (int i = 0; i < 40; i++) {
        CallOptions ofAlice = CallOptions.defaults().key("alice");
        pool.exchange("hello".getBytes(UTF_8), ofAlice); // always the same server
      }
      return picks(pool);
    }
  }

  private static List<Long> nearest(Endpoint first, Endpoint second) throws IOException {
    try (TcpPool pool =
        TcpPool.builder(List.of(first, second))
            .balancer(NEAREST)
            .framing(Framing.lines())
            .build()) {
      for (int i = 0; i < 40; i++) {
        pool.exchange("hello".getBytes(UTF_8));
      }
      return picks(pool);
    }
  }

  private static List<Long> picks(TcpPool pool) {
    for (EndpointSnapshot endpoint : pool.snapshot().endpoints()) {
      System.out.printf(
          "%s: %d picks, load %d, round trip %d µs%n",
          endpoint.endpoint(),
          endpoint.picks(),
          endpoint.load(),
          endpoint.roundTrip().toNanos() / 1_000);
    }
    return pool.snapshot().endpoints().stream().map(EndpointSnapshot::picks).toList();
  }
}
