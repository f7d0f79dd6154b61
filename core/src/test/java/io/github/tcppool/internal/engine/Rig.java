package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.RefreshReason;
import io.github.tcppool.balance.Balancer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An engine on a bench: its clock, its network, its workers and its callers are moved by hand. */
final class Rig {

  static final Map<Thread, Parker> PARKER_OF = new ConcurrentHashMap<>();
  static final long FOREVER_MILLIS = TimeUnit.DAYS.toMillis(1);

  final FakeTransport net = new FakeTransport();
  final Deque<Runnable> dials = new ArrayDeque<>();
  final List<PoolEvent> events = new CopyOnWriteArrayList<>();

  /** Events that were given their place before they were told. */
  final List<PoolEvent> linedUp = new CopyOnWriteArrayList<>();

  final List<Endpoint> endpoints = new ArrayList<>();
  final List<Caller> callers = new ArrayList<>();
  final Engine<FakeConnection> engine;
  PickOrder order = PickOrder.LAST_USED;

  /** What whoever listens throws. */
  @Nullable RuntimeException listenerFailure;

  int alarms;

  private volatile long now = TimeUnit.HOURS.toNanos(1);

  /** One endpoint. */
  Rig(Consumer<PoolOptions.Builder> options) {
    this(1, Balancer.roundRobin(), options);
  }

  Rig(int endpointCount, Balancer balancer, Consumer<PoolOptions.Builder> options) {
    for (int i = 0; i < endpointCount; i++) {
      endpoints.add(Endpoint.of("server" + i, 1000 + i));
    }
    PoolOptions.Builder builder = PoolOptions.defaults().toBuilder();
    options.accept(builder);
    engine =
        new Engine<>(
            "rig",
            endpoints,
            balancer,
            builder.build(),
            net,
            dials::add,
            this::now,
            new Random(1),
            () -> PARKER_OF.getOrDefault(Thread.currentThread(), neverSleeps()),
            new EventSink() {
              @Override
              public void accept(PoolEvent event) {
                note(event);
              }

              @Override
              public void lineUp(PoolEvent event) {
                linedUp.add(event);
              }
            });
    engine.upkeep().onChange(() -> alarms++);
  }

  private void note(PoolEvent event) {
    events.add(event);
    if (listenerFailure != null) {
      throw listenerFailure;
    }
  }

  private static Parker neverSleeps() {
    return new Parker() {
      @Override
      public void sleep(long nanos) {
        throw new AssertionError("a call that must not wait waits");
      }

      @Override
      public void wake() {}
    };
  }

  // ---- time ----

  long now() {
    return now;
  }

  void advance(long millis) {
    advanceNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  void advanceNanos(long nanos) {
    long later = now + nanos;
    now = later;
    settle();
  }

  /** Waits until every caller sleeps or is done. */
  void settle() {
    callers.forEach(Caller::settle);
  }

  /** Runs the housekeeping; returns in how many milliseconds it wants to run next, -1 for never. */
  long upkeep() {
    long next = engine.upkeep().run(now);
    settle();
    return next == Long.MAX_VALUE ? -1 : TimeUnit.NANOSECONDS.toMillis(next - now);
  }

  // ---- callers ----

  /** A connection that is there without waiting. */
  FakeConnection acquire() {
    return acquire(Use.CALL);
  }

  FakeConnection acquire(Use use) {
    try {
      return own(engine.acquire(use, order, null, Engine.ANY, now, now));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A caller that waits for a day. */
  Caller call() {
    return call(FOREVER_MILLIS);
  }

  Caller call(long timeoutMillis) {
    return call(Use.CALL, Engine.ANY, timeoutMillis);
  }

  Caller call(Use use, int only, long timeoutMillis) {
    long start = now;
    long deadline = start + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    Caller caller =
        new Caller(this, () -> own(engine.acquire(use, order, null, only, start, deadline)));
    callers.add(caller);
    return caller;
  }

  /** A caller whose attempt on this connection has failed, and that has discarded it. */
  Caller callAgain(FakeConnection failed) {
    long start = now;
    long deadline = start + TimeUnit.MILLISECONDS.toNanos(FOREVER_MILLIS);
    Caller caller =
        new Caller(
            this,
            () -> own(engine.acquireElsewhere(Use.CALL, order, null, failed, start, deadline)));
    callers.add(caller);
    return caller;
  }

  private static FakeConnection own(FakeConnection connection) {
    assertThat(connection.owners.incrementAndGet()).as("owners of %s", connection).isEqualTo(1);
    return connection;
  }

  void release(FakeConnection connection) {
    release(connection, Use.CALL);
  }

  void release(FakeConnection connection, Use use) {
    connection.owners.decrementAndGet();
    engine.release(connection, use, now);
    settle();
  }

  void discard(FakeConnection connection) {
    connection.owners.decrementAndGet();
    engine.discard(connection, CloseReason.DISCARDED);
    settle();
  }

  // ---- network ----

  /** Lets the oldest dial end. */
  void finishDial() {
    Runnable dial = dials.poll();
    assertThat(dial).as("a dial under way").isNotNull();
    dial.run();
    settle();
  }

  /** Lets the dials end that are under way, and those that follow from them. */
  void finishDials() {
    for (int i = 0; i < 10_000 && !dials.isEmpty(); i++) {
      finishDial();
    }
    assertThat(dials).as("dials that never end").isEmpty();
  }

  /** Makes this many idle connections. */
  List<FakeConnection> idle(int count) {
    List<FakeConnection> held = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Caller caller = call();
      while (caller.isWaiting()) {
        finishDial();
      }
      held.add(caller.got());
    }
    held.forEach(this::release);
    return held;
  }

  void finishCloses() {
    net.finishCloses();
    settle();
  }

  // ---- endpoints ----

  /** Lets the pool have these endpoints. */
  void change(Endpoint... wanted) {
    engine.membership().change(List.of(wanted), RefreshReason.PUSHED);
    settle();
  }

  // ---- figures ----

  EndpointSnapshot at(int endpoint) {
    return engine.closings().endpoints().get(endpoint);
  }

  EndpointSnapshot only() {
    return at(0);
  }

  <E extends PoolEvent> List<E> events(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  void update(Consumer<PoolOptions.Builder> change) {
    PoolOptions.Builder builder = engine.options().toBuilder();
    change.accept(builder);
    assertThat(engine.closings().update(engine.options(), builder.build())).isTrue();
    settle();
  }
}
