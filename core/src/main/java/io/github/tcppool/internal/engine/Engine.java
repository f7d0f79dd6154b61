package io.github.tcppool.internal.engine;

import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CloseReason;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.Endpoint;
import io.github.tcppool.FailureDetails;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.balance.Balancer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who gets which connection: claim without a lock where one is idle, wait in line where none is.
 *
 * <p>A claim sets the word of a connection and takes no lock. Everything else - the line of
 * waiters, the arrays of the lanes, the counts - is kept under one lock by {@link Ledger}, and
 * whatever costs unknown time is done after it was let go.
 *
 * <p>No wake-up is lost: a release first frees the word, then reads {@code waiting}; a waiter first
 * raises {@code waiting}, then looks at all words. Both are sequentially consistent, so at least
 * one of them sees the other.
 *
 * @param <C> the kind of connection
 */
public final class Engine<C extends Pooled> {

  /** Any endpoint will do: the balancer picks. */
  public static final int ANY = -1;

  /** The number of no endpoint. */
  public static final int NOTHING = -2;

  private final String name;
  private final Ledger ledger;
  private final Claims claims;
  private final Dials<C> dials;
  private final Closings<C> closings;
  private final Upkeep<C> upkeep;
  private final Results<C> results;
  private final Membership<C> membership;
  private final Balancer balancer;
  private final LongSupplier clock;
  private final Supplier<Parker> parkers;

  /**
   * Creates an engine with no connections; {@link #upkeep()} fills the minimum.
   *
   * @param random for jitter; used by one thread at a time
   */
  public Engine(
      String name,
      List<Endpoint> endpoints,
      Balancer balancer,
      PoolOptions options,
      Transport<C> transport,
      Executor workers,
      LongSupplier clock,
      RandomGenerator random,
      Supplier<Parker> parkers,
      EventSink events) {
    this.name = name;
    this.balancer = balancer;
    this.clock = clock;
    this.parkers = parkers;
    ledger = new Ledger(endpoints, options, clock);
    claims = new Claims(ledger);
    closings = new Closings<>(ledger, transport, clock, events);
    dials = new Dials<>(ledger, transport, workers, clock, random, closings, events);
    closings.use(dials);
    results = new Results<>(ledger, dials, closings, clock);
    Checks<C> checks =
        new Checks<>(this, ledger, transport, workers, clock, random, dials, closings);
    upkeep = new Upkeep<>(this, ledger, dials, closings, checks);
    membership = new Membership<>(ledger, dials, closings);
  }

  /** What has to be done from time to time. */
  public Upkeep<C> upkeep() {
    return upkeep;
  }

  /** What comes of calls. */
  public Results<C> results() {
    return results;
  }

  /** The closing side: discard, evict, resize, close. */
  public Closings<C> closings() {
    return closings;
  }

  /** Which endpoints there are. */
  public Membership<C> membership() {
    return membership;
  }

  /** The lane at this place. */
  Lane lane(int index) {
    return ledger.lanes()[index];
  }

  /** The options as they stand. */
  public PoolOptions options() {
    return ledger.options();
  }

  /**
   * Gives the caller a connection that was fit a moment ago, waiting for one if need be.
   *
   * @param use what for
   * @param only the number of the one endpoint that will do, or {@link #ANY}
   * @param startNanos when the call began
   * @param deadlineNanos when it must have ended
   */
  public C acquire(
      Use use, PickOrder order, @Nullable Object key, int only, long startNanos, long deadlineNanos)
      throws IOException {
    Lane lane = laneFor(key, only, startNanos);
    Pooled connection = lane == null ? null : claims.any(lane, isBound(only), null, use, order);
    if (connection == null && lane != null && lane.connections().length > 0) {
      connection = claims.afterOthersRan(lane, isBound(only), use, order);
    }
    warm(lane, connection);
    CloseReason unfit = connection == null ? null : unfit(connection, startNanos, use);
    if (connection != null && unfit == null) {
      return cast(connection);
    }
    Acquisition<C> slow = begin(use, order, key, only, null, startNanos, deadlineNanos);
    if (connection == null || unfit == null) {
      slow.join(lane);
    } else {
      slow.reject(connection, unfit);
    }
    return slow.await();
  }

  /**
   * As {@link #acquire}, for a call whose last attempt failed: at another endpoint, as long as
   * another one is usable and the balancer does not bind.
   *
   * @param failed the connection on which it failed
   */
  public C acquireElsewhere(
      Use use, PickOrder order, @Nullable Object key, C failed, long startNanos, long deadlineNanos)
      throws IOException {
    Lane avoided = balancer.isBinding() ? null : failed.lane();
    return begin(use, order, key, ANY, avoided, startNanos, deadlineNanos).await();
  }

  /** An acquisition that has not looked anywhere yet. */
  Acquisition<C> begin(
      Use use,
      PickOrder order,
      @Nullable Object key,
      int only,
      @Nullable Lane avoided,
      long start,
      long deadline) {
    return new Acquisition<>(this, ledger, use, order, key, only, avoided, start, deadline);
  }

  /** As acquire, but null instead of waiting. */
  public @Nullable C tryAcquire(Use use, PickOrder order, @Nullable Object key, long now)
      throws IOException {
    Lane lane = laneFor(key, ANY, now);
    while (true) {
      Pooled connection = lane == null ? null : claims.any(lane, isBound(ANY), null, use, order);
      if (connection == null) {
        connection = claimBesideWaiters(lane, use);
      }
      if (connection == null) {
        return null;
      }
      CloseReason unfit = unfit(connection, now, use);
      if (unfit == null) {
        return cast(connection);
      }
      closings.discardUnfit(connection, unfit);
    }
  }

  /** An idle connection that none of those who wait can use, if somebody waits. */
  private @Nullable Pooled claimBesideWaiters(@Nullable Lane lane, Use use) throws IOException {
    if (ledger.isClosed()) {
      throw poolClosed(0);
    }
    if (ledger.waiting() == 0) {
      return null;
    }
    Waiter passing = new Waiter(lane, isBound(ANY), null, use.isFull(), parkers.get(), Waiter.NEW);
    Effects after = new Effects();
    ledger.enter(passing, 0, after);
    closings.perform(after);
    return passing.granted();
  }

  /** Has an owned connection look at itself; one that cannot is closed, never lost. */
  @Nullable CloseReason unfit(Pooled connection, long now, Use use) {
    try {
      return connection.unfit(now, use);
    } catch (Throwable t) {
      closings.discard(connection, CloseReason.OWNER_FAILED);
      throw t;
    }
  }

  /**
   * Lets time pass between two attempts of a call; returns early when the pool is shut.
   *
   * @throws CallInterruptedException when the thread is interrupted; the flag stays set
   */
  public void pause(long untilNanos) throws CallInterruptedException {
    ledger.pauses.sleep(parkers.get(), untilNanos, clock);
    if (Thread.currentThread().isInterrupted() && untilNanos - clock.getAsLong() > 0) {
      throw new CallInterruptedException(
          name + ": interrupted between two attempts", FailureDetails.NOTHING_SENT, null);
    }
  }

  /** Takes a connection back that has served its caller and is fit for the next one. */
  public void release(C connection, Use use, long now) {
    release(connection, use, now, true);
  }

  /** The same; that nothing was done with it tells nothing of the endpoint. */
  public void release(C connection, Use use, long now, boolean served) {
    connection.used(now);
    if (!connection.isProven()) {
      dials.proveIfDue(connection, now);
    }
    if (served) {
      results.worked(connection);
    }
    connection.lane().released(connection);
    giveBack(connection, use.isFull());
  }

  /** Lets the next caller have a connection, or nobody if it is retiring. */
  void giveBack(Pooled connection, boolean full) {
    if (full && ledger.waiting() != 0 && handOver(connection)) {
      return;
    }
    if (connection.release(full)) {
      closings.closeMarked(connection, connection.retireReason());
      return;
    }
    connection.freed();
    if (ledger.waiting() != 0) {
      matchIdle();
    }
  }

  /**
   * Gives back the reading half only: the receiver is done with it, or a sender leaves it to the
   * receiver.
   */
  public void dropRead(C connection) {
    if (connection.dropReadHalf()) {
      closings.closeMarked(connection, connection.retireReason());
    } else if (ledger.waiting() != 0) {
      matchIdle();
    }
  }

  /**
   * Closes a connection instead of releasing it. Does nothing if somebody else has already marked
   * it closed.
   */
  public void discard(C connection, CloseReason reason) {
    closings.discard(connection, reason);
  }

  // ---- for an acquisition ----

  Claims claims() {
    return claims;
  }

  /**
   * The lane to begin with; null as long as no endpoint is known.
   *
   * @param now the moment, or when the call began if it has not waited yet
   */
  @Nullable Lane laneFor(@Nullable Object key, int only, long now) throws IOException {
    if (only != ANY) {
      return numbered(only);
    }
    LaneView view = ledger.book().view();
    Lane[] lanes = view.lanes();
    if (lanes.length <= 1) {
      return lanes.length == 0 ? null : lanes[0];
    }
    int index = balancer.pick(view.at(now), key);
    if (index < 0 || index >= lanes.length) {
      throw new IllegalStateException(
          "balancer must pick 0 to " + (lanes.length - 1) + ", but picked " + index);
    }
    Lane lane = lanes[index];
    lane.picks.count(now);
    return lane;
  }

  private Lane numbered(int only) throws IOException {
    Lane lane = ledger.book().numbered(only);
    if (lane == null && ledger.isClosed()) {
      throw poolClosed(0);
    }
    if (lane == null) {
      throw new ConnectFailedException(
          name + ": the endpoint asked for has left the pool", FailureDetails.NOTHING_SENT, null);
    }
    return lane;
  }

  /** Whether no other lane will do. */
  boolean isBound(int only) {
    return only != ANY || balancer.isBinding();
  }

  /** Has a connection made to a lane that was picked and has none, or fewer than who served. */
  void warm(@Nullable Lane picked, @Nullable Pooled got) {
    if (picked != null && picked.isThin(got)) {
      dials.warm(picked, got); // so that an endpoint that is picked gets its share soon
    }
  }

  /** Reserves the dials that the line calls for. */
  void plan(@Nullable Lane first, Effects after) {
    dials.plan(first, after);
  }

  /** True if the waiter was still in the line and is now out of it. */
  boolean withdraw(Waiter waiter) {
    Effects after = new Effects();
    boolean out = ledger.withdraw(waiter, after);
    closings.perform(after);
    return out;
  }

  Parker parker() {
    return parkers.get();
  }

  String name() {
    return name;
  }

  private boolean handOver(Pooled connection) {
    Effects after = new Effects();
    boolean passed = ledger.handOver(connection, after);
    closings.perform(after);
    return passed;
  }

  /** Gives idle connections to waiters; what none of them can use may have to make room. */
  private void matchIdle() {
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      ledger.matchIdle(after);
      dials.planLocked(null, after);
    } finally {
      ledger.lock.unlock();
    }
    closings.perform(after);
  }

  /** The moment, by the clock of this engine. */
  public long now() {
    return clock.getAsLong();
  }

  ConnectFailedException connectFailed(Lane lane, int attempts) {
    return Dials.connectFailed(name, lane, attempts);
  }

  ConnectFailedException noneFound() {
    return new ConnectFailedException(
        name + ": no endpoint is known", FailureDetails.NOTHING_SENT, null);
  }

  PoolClosedException poolClosed(int attempts) {
    return new PoolClosedException(
        name + " is closed", FailureDetails.notSent(attempts, null), null);
  }

  @SuppressWarnings("unchecked") // only this engine's transport makes connections
  C cast(Pooled connection) {
    return (C) connection;
  }
}
