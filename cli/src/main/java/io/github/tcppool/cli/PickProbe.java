package io.github.tcppool.cli;

import io.github.tcppool.Endpoint;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.TcpPool;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.cli.terminal.Figures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lets a balancer pick among servers, and says where it went. Sends nothing. */
final class PickProbe {
  private final List<Endpoint> servers;
  private final Balancer balancer;
  private final Duration connectTimeout;

  PickProbe(List<Endpoint> servers, Balancer balancer, Duration connectTimeout) {
    this.servers = servers;
    this.balancer = balancer;
    this.connectTimeout = connectTimeout;
  }

  /** Lends and returns a connection so many times; a line for each server. */
  List<String> run(int picks) {
    List<String> lines = new ArrayList<>();
    try (TcpPool pool =
        TcpPool.builder(servers)
            .name("probe")
            .connections(0, 1)
            .connectTimeout(connectTimeout)
            .callTimeout(connectTimeout.multipliedBy(2))
            .balancer(balancer)
            .build()) {
      int made = 0;
      String failure = "";
      try {
        for (; made < picks; made++) {
          pool.lease().close();
        }
      } catch (IOException e) {
        failure = "; then: " + Explain.failure(e);
      }
      lines.add(Figures.count(made, "call") + failure);
      for (EndpointSnapshot server : pool.snapshot().endpoints()) {
        lines.add("  " + line(server));
      }
    }
    return lines;
  }

  private static String line(EndpointSnapshot server) {
    return String.format(
        "%-21s  %-4s  %s, %s served, load %d, round trip %s",
        server.endpoint(),
        server.up() ? "up" : "down",
        Figures.count(server.picks(), "pick"),
        Figures.count(server.messages()),
        server.load(),
        server.roundTrip().isZero() ? "not measured" : Figures.time(server.roundTrip()));
  }
}
