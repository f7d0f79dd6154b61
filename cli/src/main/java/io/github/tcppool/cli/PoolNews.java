package io.github.tcppool.cli;

import io.github.tcppool.EndpointHealth;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolListener;
import io.github.tcppool.RefreshReason;
import io.github.tcppool.cli.terminal.Escape;
import io.github.tcppool.cli.terminal.Figures;
import io.github.tcppool.cli.terminal.StatusLine;

/** Tells the user when a server goes away and when it is back: why else would nothing move? */
final class PoolNews implements PoolListener {
  private final StatusLine status;

  PoolNews(StatusLine status) {
    this.status = status;
  }

  @Override
  public void onEvent(PoolEvent event) {
    if (event instanceof PoolEvent.EndpointDown down) {
      tell(down.endpoint() + " is down: " + Explain.failure(down.cause()));
    } else if (event instanceof PoolEvent.EndpointUp up) {
      tell(up.endpoint() + " is up again after " + Figures.time(up.downFor()));
    } else {
      told(event);
    }
  }

  private void told(PoolEvent event) {
    if (event instanceof PoolEvent.EndpointJoined joined
        && joined.reason() != RefreshReason.START) {
      tell("found " + joined.endpoint());
    } else if (event instanceof PoolEvent.EndpointLeft left) {
      tell(left.endpoint() + " is not found any more");
    } else if (event instanceof PoolEvent.EndpointsRefreshed refreshed
        && refreshed.failure() != null) {
      tell("looking for servers failed: " + Explain.failure(refreshed.failure()));
    } else if (event instanceof PoolEvent.HealthChanged changed
        && (isAvoided(changed.from()) || isAvoided(changed.to()))) {
      tell(changed.endpoint() + " is " + wordFor(changed.to()) + ": " + changed.reason());
    }
  }

  private static boolean isAvoided(EndpointHealth state) {
    return state == EndpointHealth.EJECTED || state == EndpointHealth.FAILING;
  }

  private static String wordFor(EndpointHealth state) {
    return switch (state) {
      case EJECTED, FAILING -> "left alone";
      case HALF_OPEN -> "tried again";
      case SLOW_START, UP -> "used again";
      case DOWN -> "down";
    };
  }

  private void tell(String news) {
    status.println("tcp-pool: " + Escape.text(news));
  }
}
