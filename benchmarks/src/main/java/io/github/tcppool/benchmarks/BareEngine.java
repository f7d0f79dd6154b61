package io.github.tcppool.benchmarks;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.HealthCheck;
import io.github.tcppool.Heartbeat;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.internal.engine.Engine;
import io.github.tcppool.internal.engine.Parker;
import io.github.tcppool.internal.engine.Pooled;
import io.github.tcppool.internal.engine.Transport;
import io.github.tcppool.internal.engine.Use;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The engine alone: connections that are always fit, dials that take as long as they are told. */
final class BareEngine {

  private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

  private final Engine<Bare> engine;
  private final long nowNanos = System.nanoTime();

  private BareEngine(int endpoints, Balancer balancer, PoolOptions options, long dialNanos) {
    List<Endpoint> all =
        IntStream.rangeClosed(1, endpoints)
            .mapToObj(i -> Endpoint.parse("127.0.0.1:" + i))
            .toList();
    Executor workers =
        dialNanos == 0 ? Runnable::run : work -> Threads.platform().newThread(work).start();
    engine =
        new Engine<>(
            "bare",
            all,
            balancer,
            options,
            new BareTransport(dialNanos),
            workers,
            System::nanoTime,
            new SplittableRandom(),
            Parker::ofCurrentThread,
            event -> {});
  }

  /** With so many connections to each endpoint, all of them made. */
  static BareEngine filled(int endpoints, int connections, Balancer balancer) {
    PoolOptions options =
        PoolOptions.defaults().toBuilder()
            .connections(connections)
            .maxDials(1_000)
            .maxPending(20_000)
            .build();
    BareEngine filled = new BareEngine(endpoints, balancer, options, 0);
    try {
      filled.engine.upkeep().fill(connections, HOUR_NANOS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return filled;
  }

  /** With none, and dials that take a while. */
  static BareEngine dialing(int most, int atOnce, long dialNanos) {
    PoolOptions options =
        PoolOptions.defaults().toBuilder().connections(0, most).maxDials(atOnce).build();
    return new BareEngine(1, Balancer.roundRobin(), options, dialNanos);
  }

  /** Acquires and releases at a moment that does not move, so that no clock is read. */
  void cycle(PickOrder order) throws IOException {
    Bare connection =
        engine.acquire(Use.CALL, order, null, Engine.ANY, nowNanos, nowNanos + HOUR_NANOS);
    engine.release(connection, Use.CALL, nowNanos);
  }

  /** Acquires, waiting if need be, and keeps it; releases when that is run. */
  Runnable acquire() throws IOException {
    long now = System.nanoTime();
    Bare connection =
        engine.acquire(Use.CALL, PickOrder.LAST_USED, null, Engine.ANY, now, now + HOUR_NANOS);
    return () -> engine.release(connection, Use.CALL, System.nanoTime());
  }

  int waiting() {
    return engine.closings().waiting();
  }

  /** A connection that is always fit. */
  private static final class Bare extends Pooled {

    @Override
    public @Nullable CloseReason unfit(long now, Use use) {
      return null;
    }

    @Override
    public void freed() {}

    @Override
    public void relax(long now) {}

    @Override
    public boolean mayBeAsked() {
      return true;
    }

    @Override
    public void watch(long now) {}

    @Override
    public long pendingBytes() {
      return 0;
    }

    @Override
    public long claimedNanos() {
      return 0;
    }

    @Override
    public long messages() {
      return 1;
    }

    @Override
    public long bytesWritten() {
      return 1;
    }

    @Override
    public long bytesRead() {
      return 1;
    }
  }

  private record BareTransport(long dialNanos) implements Transport<Bare> {

    @Override
    public Bare dial(Endpoint endpoint, PoolOptions options) {
      long until = System.nanoTime() + dialNanos;
      for (long left = dialNanos; left > 0; left = until - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      return new Bare();
    }

    @Override
    public void check(Endpoint endpoint, PoolOptions options, HealthCheck check) {}

    @Override
    public void ask(Bare connection, Heartbeat heartbeat) {}

    @Override
    public void cancelDials() {}

    @Override
    public void close(Bare connection, CloseReason reason, Runnable done) {
      done.run();
    }

    @Override
    public void sever(Bare connection) {}
  }
}
