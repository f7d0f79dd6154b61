package io.github.tcppool.balance.simulation;

import io.github.tcppool.Endpoint;
import io.github.tcppool.internal.engine.PeakEwma;
import io.github.tcppool.internal.engine.PickRate;
import java.util.concurrent.TimeUnit;

/** One endpoint of a simulation: it answers every call after the same time, however many come. */
final class Server {

  /** How long a server takes that nothing is wrong with. */
  static final long USUAL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  final Endpoint endpoint;
  final PickRate picks = new PickRate();
  final PeakEwma roundTrips = new PeakEwma();
  boolean usable = true;

  /** Whether it reads nothing any more. */
  boolean frozen;

  /** Calls that came since it is frozen. */
  int stuck;

  long answerNanos = USUAL_NANOS;
  int outstanding;

  Server(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  static Server named(String name) {
    return new Server(Endpoint.of(name, 1000));
  }

  Server weighing(int weight) {
    return new Server(endpoint.withWeight(weight));
  }

  Server ofPriority(int priority) {
    return new Server(endpoint.withPriority(priority));
  }

  String name() {
    return endpoint.host();
  }
}
