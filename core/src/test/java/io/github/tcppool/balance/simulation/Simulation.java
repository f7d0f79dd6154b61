package io.github.tcppool.balance.simulation;

import io.github.tcppool.Endpoint;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.balance.Candidates;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A number of callers, each of whom makes one call after the other, on a virtual clock.
 *
 * <p>Servers have room for any number of calls at once, so the time of a call depends on nothing
 * but its server. With c callers the ideal is c calls per time of the fastest server.
 */
final class Simulation implements Candidates {

  /** What happens at a moment; of two at the same moment the one that was planned first. */
  private record Event(long nanos, long number, Runnable what) {}

  /** Told of every call that ends. */
  interface Watch {
    void answered(Server server, long now);
  }

  private static final long START_NANOS = TimeUnit.HOURS.toNanos(1);

  /** What a frozen server does not take of each call that is stuck there. */
  private static final int MESSAGE_BYTES = 64;

  /** Answers take up to this much longer or shorter. */
  private static final double SPREAD = 0.05;

  final List<Server> servers;
  private final Balancer balancer;
  private final Random random = new Random(7);
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          (a, b) ->
              a.nanos == b.nanos
                  ? Long.compare(a.number, b.number)
                  : Long.compare(a.nanos, b.nanos));
  private Function<Random, @Nullable Object> keys = any -> null;
  private Watch watch = (server, at) -> {};
  private long planned;
  private long now = START_NANOS;

  Simulation(Balancer balancer, List<Server> servers) {
    this.balancer = balancer;
    this.servers = new ArrayList<>(servers);
  }

  /** Names how the key of a call is made; without this, calls have none. */
  Simulation keys(Function<Random, @Nullable Object> maker) {
    keys = maker;
    return this;
  }

  Simulation watch(Watch watcher) {
    watch = watcher;
    return this;
  }

  /** Lets this many callers begin, not all in the same moment. */
  Simulation callers(int callers) {
    for (int i = 0; i < callers; i++) {
      in(random.nextLong(Server.USUAL_NANOS), this::call);
    }
    return this;
  }

  /** Lets something happen after this time. */
  void in(long nanos, Runnable what) {
    events.add(new Event(now + nanos, planned++, what));
  }

  /** Lets time pass. */
  void run(long nanos) {
    long end = now + nanos;
    while (!events.isEmpty() && events.peek().nanos <= end) {
      Event event = events.remove();
      now = event.nanos;
      event.what.run();
    }
    now = end;
  }

  /** Lets time pass and returns how many calls a second were answered in it. */
  double throughput(long nanos) {
    long[] answered = new long[1];
    Watch before = watch;
    watch = (server, at) -> answered[0]++;
    run(nanos);
    watch = before;
    return answered[0] * 1e9 / nanos;
  }

  /** Nanoseconds since the simulation began. */
  long elapsed() {
    return now - START_NANOS;
  }

  private void call() {
    Server server = servers.get(balancer.pick(this, keys.apply(random)));
    server.picks.count(now);
    server.outstanding++;
    if (server.frozen) {
      server.stuck++;
      return; // its caller waits for ever
    }
    long begun = now;
    in(
        (long) (server.answerNanos * (1 + SPREAD * (2 * random.nextDouble() - 1))),
        () -> {
          server.outstanding--;
          server.roundTrips.observe(now - begun, now);
          watch.answered(server, elapsed());
          call();
        });
  }

  // ---- what the balancer sees ----

  @Override
  public int size() {
    return servers.size();
  }

  @Override
  public Endpoint endpoint(int index) {
    return servers.get(index).endpoint;
  }

  @Override
  public boolean isUsable(int index) {
    return servers.get(index).usable;
  }

  @Override
  public int leased(int index) {
    return servers.get(index).outstanding;
  }

  @Override
  public int outstanding(int index) {
    return servers.get(index).outstanding;
  }

  @Override
  public long load(int index) {
    Server server = servers.get(index);
    return server.outstanding + (long) server.stuck * MESSAGE_BYTES;
  }

  @Override
  public double picksPerSecond(int index) {
    return servers.get(index).picks.perSecond(now);
  }

  @Override
  public long roundTripNanos(int index) {
    return servers.get(index).roundTrips.nanos(now);
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public int failures(int index) {
    return 0;
  }
}
