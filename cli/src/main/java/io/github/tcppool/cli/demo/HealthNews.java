package io.github.tcppool.cli.demo;

import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolListener;
import io.github.tcppool.cli.terminal.Escape;
import io.github.tcppool.cli.terminal.HealthText;
import java.util.List;
import java.util.function.Consumer;

/** Tells how the pool goes on with each server, and why. */
final class HealthNews implements PoolListener {

  private final List<Server> servers;
  private volatile Consumer<String> teller = news -> {};

  HealthNews(List<Server> servers) {
    this.servers = servers;
  }

  /** Names who is told from now on. */
  void tellTo(Consumer<String> next) {
    teller = next;
  }

  @Override
  public void onEvent(PoolEvent event) {
    if (event instanceof PoolEvent.HealthChanged changed) {
      String address = changed.endpoint().toString();
      for (Server server : servers) {
        if (server.hostPort().equals(address)) {
          teller.accept("pool: " + server.name() + " " + Escape.text(HealthText.of(changed)));
        }
      }
    }
  }
}
