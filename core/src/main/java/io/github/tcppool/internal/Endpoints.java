package io.github.tcppool.internal;

import io.github.tcppool.DiscoverySnapshot;
import io.github.tcppool.Endpoint;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.internal.engine.Membership;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The endpoints of a pool: those it was built with, or those that its discovery finds. */
final class Endpoints {

  private final String source;
  private final Membership<?> members;

  /** Null for a fixed list. */
  private final @Nullable Refresher refresher;

  Endpoints(
      PoolSpec spec,
      Membership<?> members,
      Executor workers,
      LongSupplier clock,
      Consumer<PoolEvent> events) {
    this.members = members;
    if (spec.discovery() == null) {
      source = "fixed list";
      refresher = null;
    } else {
      source = String.valueOf(spec.discovery());
      refresher =
          new Refresher(
              spec.discovery(),
              spec.removalGrace(),
              members::change,
              workers,
              clock,
              new SplittableRandom(),
              events);
    }
  }

  /** Names what is to be run when something becomes due earlier than the last run said. */
  void onChange(Runnable alarm) {
    if (refresher != null) {
      refresher.onChange(alarm);
    }
  }

  /** Does what is due; returns when to run next. */
  long run(long now) {
    return refresher == null ? Long.MAX_VALUE : refresher.run(now);
  }

  /** Looks anew when connections fail. */
  void happened(PoolEvent event) {
    if (refresher != null && event instanceof PoolEvent.DialFailed) {
      refresher.connectFailed();
    }
  }

  /** Changes nothing any more. */
  void end() {
    if (refresher != null) {
      refresher.end();
    }
  }

  /** That of the first endpoint, as there is no single one. */
  InetSocketAddress address() {
    List<Endpoint> known = members.endpoints();
    return known.isEmpty()
        ? InetSocketAddress.createUnresolved("unknown", 0)
        : PoolWideSettings.addressOf(known.get(0));
  }

  DiscoverySnapshot snapshot() {
    Membership.Figures figures = members.figures();
    Refresher.Figures looks =
        refresher == null ? new Refresher.Figures(0, 0, null, null) : refresher.figures();
    return new DiscoverySnapshot(
        source,
        looks.refreshes(),
        looks.failed(),
        looks.lastReason(),
        looks.lastFailure(),
        figures.joined(),
        figures.left(),
        figures.leaving(),
        figures.departed());
  }
}
