package io.github.tcppool.proof.checks;

import static org.awaitility.Awaitility.await;

import io.github.tcppool.CloseReport;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolListener;
import io.github.tcppool.PoolSnapshot;
import io.github.tcppool.TcpPool;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Watches one pool from its making to its end: that it never has more connections than its maximum
 * (I7), that it comes to rest (I5), that nothing of it is left (I6).
 */
public final class PoolWatch implements PoolListener {

  private static final AtomicInteger POOLS = new AtomicInteger();
  private static final Duration REST = Duration.ofSeconds(2);

  /**
   * Within this time an idle connection that is dead and that nobody uses is noticed: one in five
   * is looked at per second.
   */
  private static final Duration NOTICED = Duration.ofSeconds(6);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Queue<PoolEvent> events = new ConcurrentLinkedQueue<>();
  private final Queue<String> excesses = new ConcurrentLinkedQueue<>();
  private volatile @Nullable TcpPool pool;

  /** The highest maximum so far: a lowered one holds only for what is made later. */
  private volatile int highest;

  /** Builds the pool, under a name of its own, and watches it. */
  public TcpPool build(TcpPool.Builder builder) {
    TcpPool built = builder.name("proof-" + POOLS.incrementAndGet()).listener(this).build();
    highest = built.options().maxConnections();
    pool = built;
    return built;
  }

  @Override
  public void onEvent(PoolEvent event) {
    events.add(event);
    if (event instanceof PoolEvent.OptionsUpdated updated) { // it may be lowered again by now
      highest = Math.max(highest, updated.after().maxConnections());
    }
    TcpPool watched = pool;
    if (watched != null) {
      look(watched);
    }
  }

  /** Compares with the maximum now; so does every event. */
  public void look(TcpPool watched) {
    PoolSnapshot now = watched.snapshot();
    int each = Math.max(highest, watched.options().maxConnections());
    highest = each;
    for (EndpointSnapshot endpoint : now.endpoints()) {
      if (endpoint.total() > each) {
        excesses.add("I7: more than " + each + ": " + endpoint);
      }
    }
    if (now.total() > watched.options().maxTotalConnections()) {
      excesses.add("I7: more in all than the maximum: " + now);
    }
  }

  /** The events so far. */
  public List<PoolEvent> events() {
    return List.copyOf(events);
  }

  /** Forgets the events so far, for runs that last. */
  public void forget() {
    events.clear();
  }

  /** The events of one kind so far. */
  public <E extends PoolEvent> List<E> events(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /**
   * Waits until nothing is leased, waited for, dialed or being closed, and as many connections are
   * idle as servers have open (I5).
   *
   * @param openAtServers how many connections the servers have, or null if they cannot be asked
   */
  public void awaitRest(@Nullable IntSupplier openAtServers) {
    TcpPool watched = watched();
    awaitUntil("the pool at rest (I5)", REST, PoolWatch::isAtRest);
    if (openAtServers != null) {
      awaitUntil(
          "as many idle as the servers have open (I5)",
          NOTICED,
          now -> isAtRest(now) && openAtServers.getAsInt() == now.idle());
    }
    for (EndpointSnapshot endpoint : watched.snapshot().endpoints()) {
      int open = endpoint.idle() + endpoint.leased() + endpoint.closing();
      if (endpoint.opened() - endpoint.closed() != open) {
        throw new AssertionError("I5: opened - closed is not what is open: " + endpoint);
      }
    }
    checkMaximum();
  }

  private void awaitUntil(String what, Duration limit, Predicate<PoolSnapshot> fact) {
    await(what)
        .atMost(limit.plus(Invariants.SLACK))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(watched()::snapshot, fact);
  }

  private static boolean isAtRest(PoolSnapshot now) {
    return now.waiting() == 0 && now.total() == now.idle();
  }

  /** Fails if there ever were too many connections (I7). */
  public void checkMaximum() {
    if (!excesses.isEmpty()) {
      throw new AssertionError(excesses.peek());
    }
  }

  /** Closes the pool and waits until nothing of it is left. */
  public CloseReport close(Duration limit) {
    TcpPool watched = watched();
    CloseReport report = watched.close(limit);
    String name = watched.snapshot().name();
    await("nothing left of " + name + " (I6)")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> watched.snapshot().total() == 0 && Census.threadsNamed(name + "-").isEmpty());
    checkMaximum();
    return report;
  }

  private TcpPool watched() {
    TcpPool watched = pool;
    if (watched == null) {
      throw new IllegalStateException("no pool was built");
    }
    return watched;
  }
}
