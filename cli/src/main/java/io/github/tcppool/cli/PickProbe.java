package io.github.tcppool.cli;

import io.github.tcppool.CheckSnapshot;
import io.github.tcppool.Endpoint;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.TcpPool;
import io.github.tcppool.TlsOptions;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.cli.terminal.Figures;
import io.github.tcppool.cli.terminal.HealthText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Lets a balancer pick among servers, and says where it went. Sends nothing. */
final class PickProbe {
  private static final int MOST_CHANGES = 100;

  private final List<Endpoint> servers;
  private final Balancer balancer;
  private final Duration connectTimeout;
  private final Optional<TlsOptions> tls;

  PickProbe(
      List<Endpoint> servers,
      Balancer balancer,
      Duration connectTimeout,
      Optional<TlsOptions> tls) {
    this.tls = tls;
    this.servers = servers;
    this.balancer = balancer;
    this.connectTimeout = connectTimeout;
  }

  /** Lends and returns a connection so many times; a line for each server. */
  List<String> run(int picks) {
    List<String> lines = new ArrayList<>();
    List<String> changes = new CopyOnWriteArrayList<>();
    TcpPool.Builder builder =
        TcpPool.builder(servers)
            .name("probe")
            .connections(0, 1)
            .connectTimeout(connectTimeout)
            .callTimeout(connectTimeout.multipliedBy(2))
            .balancer(balancer)
            .listener(event -> note(event, changes));
    tls.ifPresent(builder::tls);
    try (TcpPool pool = builder.build()) {
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
    } // by now all that happened has been told
    lines.addAll(changes);
    return lines;
  }

  private static void note(PoolEvent event, List<String> changes) {
    if (event instanceof PoolEvent.HealthChanged changed && changes.size() < MOST_CHANGES) {
      changes.add(String.format("  %-21s  %s", changed.endpoint(), HealthText.of(changed)));
    }
  }

  private static String line(EndpointSnapshot server) {
    return String.format(
        "%-21s  %-9s  %s, %s served, load %d, round trip %s%s",
        server.endpoint(),
        HealthText.of(server.health()),
        Figures.count(server.picks(), "pick"),
        Figures.count(server.messages()),
        server.load(),
        server.roundTrip().isZero() ? "not measured" : Figures.time(server.roundTrip()),
        probes(server.health().checks()));
  }

  private static String probes(CheckSnapshot checks) {
    return checks.probes() == 0
        ? ""
        : ", "
            + Figures.count(checks.probes(), "probe")
            + " of which "
            + checks.probesFailed()
            + " failed";
  }
}
