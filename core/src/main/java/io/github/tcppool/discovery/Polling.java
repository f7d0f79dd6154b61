package io.github.tcppool.discovery;

import io.github.tcppool.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Asks a supplier of the user's now and then. */
final class Polling implements Discovery {

  private static final Duration LEAST = Duration.ofMillis(100);

  private final Callable<List<Endpoint>> supplier;
  private final Duration interval;

  Polling(Callable<List<Endpoint>> supplier, Duration interval) {
    this.supplier = Objects.requireNonNull(supplier, "supplier must not be null");
    this.interval = Objects.requireNonNull(interval, "interval must not be null");
    if (interval.compareTo(LEAST) < 0) {
      throw new IllegalArgumentException("interval must be at least 100 ms, but was " + interval);
    }
  }

  @Override
  public Duration refresh(Sink sink) throws Exception {
    sink.push(supplier.call());
    return interval;
  }

  @Override
  public String toString() {
    return "polling every " + interval;
  }
}
