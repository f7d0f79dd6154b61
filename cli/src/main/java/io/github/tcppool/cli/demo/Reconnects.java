package io.github.tcppool.cli.demo;

import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts, per endpoint, connections that were lost, dials that failed, and lost ones replaced. */
final class Reconnects implements PoolListener {

  private final Map<String, Figures> endpoints = new ConcurrentHashMap<>();

  /** The figures of one endpoint. */
  private static final class Figures {
    final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger toReplace = new AtomicInteger();
    final AtomicInteger replaced = new AtomicInteger();
  }

  @Override
  public void onEvent(PoolEvent event) {
    if (event instanceof PoolEvent.ConnectionClosed closed && isLoss(closed)) {
      Figures figures = figures(closed.endpoint().toString());
      figures.failures.incrementAndGet();
      figures.toReplace.incrementAndGet();
    } else if (event instanceof PoolEvent.DialFailed failed) {
      figures(failed.endpoint().toString()).failures.incrementAndGet();
    } else if (event instanceof PoolEvent.ConnectionOpened opened) {
      Figures figures = figures(opened.endpoint().toString());
      int before = figures.toReplace.getAndUpdate(lost -> Math.max(0, lost - 1));
      if (before > 0) {
        figures.replaced.incrementAndGet();
      }
    }
  }

  private static boolean isLoss(PoolEvent.ConnectionClosed closed) {
    return switch (closed.reason()) {
      case IDLE, LIFETIME, SHRUNK, EVICTED, POOL_CLOSED, FORCED -> false;
      default -> true;
    };
  }

  private Figures figures(String endpoint) {
    return endpoints.computeIfAbsent(endpoint, key -> new Figures());
  }

  /** Lost connections and failed dials so far. */
  int failures(String endpoint) {
    return figures(endpoint).failures.get();
  }

  /** Lost connections that were replaced so far. */
  int reconnects(String endpoint) {
    return figures(endpoint).replaced.get();
  }
}
