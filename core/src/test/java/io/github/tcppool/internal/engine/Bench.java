package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.HealthCheck;
import io.github.tcppool.Heartbeat;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.RetryPolicy;
import io.github.tcppool.balance.Balancer;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * An engine for a model checker: everything ends at once, on the thread that asked for it, unless a
 * test says otherwise, so that the only interleavings are those of the engine.
 */
final class Bench implements Transport<FakeConnection> {

  static final long DEADLINE_NANOS = TimeUnit.DAYS.toNanos(1);

  private static final PoolOptions ONE = options(1, 1);
  private static final PoolOptions TWO = options(2, 1);
  private static final PoolOptions ONE_BY_TWO_DIALS = options(1, 2);
  private static final List<Endpoint> ENDPOINTS = List.of(Endpoint.of("server", 1));

  /** Without state, which a model checker would have to follow. */
  private static final RandomGenerator NO_JITTER = () -> 0;

  final Engine<FakeConnection> engine;

  /** The dial that is held back, if {@link #holdsDials}. */
  volatile Runnable heldDial;

  /** Who parks the one caller of the test that may be interrupted or run out of time. */
  MonitorParker parker;

  boolean holdsDials;
  volatile boolean refuses;

  /** Connections whose sockets would be open. */
  final AtomicInteger open = new AtomicInteger();

  volatile long now;

  Bench(int max) {
    this(max, 1);
  }

  Bench(int max, int maxDials) {
    engine =
        new Engine<>(
            "bench",
            ENDPOINTS,
            Balancer.roundRobin(),
            max == 2 ? TWO : maxDials == 2 ? ONE_BY_TWO_DIALS : ONE,
            this,
            this::startDial,
            () -> now,
            NO_JITTER,
            () -> parker == null ? new MonitorParker() : parker,
            event -> {});
  }

  private static PoolOptions options(int max, int maxDials) {
    return PoolOptions.defaults().toBuilder()
        .connections(0, max)
        .maxDials(maxDials)
        .maxIdle(Duration.ZERO)
        .maxLifetime(Duration.ZERO)
        .retry(RetryPolicy.attempts(1))
        .build();
  }

  /** With this many idle connections. */
  static Bench filled(int max) throws IOException {
    Bench bench = new Bench(max);
    List<FakeConnection> all = new ArrayList<>();
    for (int i = 0; i < max; i++) {
      all.add(bench.acquire());
    }
    all.forEach(bench::release);
    return bench;
  }

  private void startDial(Runnable work) {
    if (holdsDials) {
      heldDial = work;
    } else {
      work.run();
    }
  }

  // ---- network ----

  @Override
  public FakeConnection dial(Endpoint endpoint, PoolOptions options) throws IOException {
    if (refuses) {
      throw new ConnectException("refused");
    }
    if (open.incrementAndGet() > engine.options().maxConnections()) {
      throw new AssertionError("more connections than allowed");
    }
    return new FakeConnection(endpoint);
  }

  @Override
  public void check(Endpoint endpoint, PoolOptions options, HealthCheck check) {
    // all are well
  }

  @Override
  public void ask(FakeConnection connection, Heartbeat heartbeat) {
    // all answer
  }

  @Override
  public void cancelDials() {}

  @Override
  public void close(FakeConnection connection, CloseReason reason, Runnable done) {
    if (connection.closedFor != null) {
      throw new AssertionError("closed twice");
    }
    connection.closedFor = reason;
    open.decrementAndGet();
    done.run();
  }

  @Override
  public void sever(FakeConnection connection) {}

  // ---- callers ----

  FakeConnection acquire() throws IOException {
    return own(
        engine.acquire(Use.CALL, PickOrder.LAST_USED, null, Engine.ANY, now, now + DEADLINE_NANOS));
  }

  FakeConnection tryAcquire() throws IOException {
    FakeConnection connection = engine.tryAcquire(Use.CALL, PickOrder.LAST_USED, null, now);
    return connection == null ? null : own(connection);
  }

  private static FakeConnection own(FakeConnection connection) {
    if (connection.owners.incrementAndGet() != 1) {
      throw new AssertionError("two owners");
    }
    return connection;
  }

  void release(FakeConnection connection) {
    connection.owners.decrementAndGet();
    engine.release(connection, Use.CALL, now);
  }

  void discard(FakeConnection connection) {
    connection.owners.decrementAndGet();
    engine.discard(connection, CloseReason.DISCARDED);
  }

  void shrinkToOne() {
    boolean unused = engine.closings().update(engine.options(), ONE);
  }
}
