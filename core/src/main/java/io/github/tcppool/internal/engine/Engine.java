package io.github.tcppool.internal.engine;

import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CloseReason;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.Endpoint;
import io.github.tcppool.FailureDetails;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolExhaustedException;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.balance.Balancer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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

  private final String name;
  private final Ledger ledger;
  private final Dials<C> dials;
  private final Closings<C> closings;
  private final Upkeep<C> upkeep;
  private final Balancer balancer;
  private final LaneView view;
  private final LongSupplier clock;
  private final Supplier<Parker> parkers;

  /** Creates an engine with no connections; {@link #upkeep()} fills the minimum. */
  public Engine(
      String name,
      List<Endpoint> endpoints,
      Balancer balancer,
      PoolOptions options,
      Transport<C> transport,
      Executor workers,
      LongSupplier clock,
      Supplier<Parker> parkers,
      Consumer<PoolEvent> events) {
    this.name = name;
    this.balancer = balancer;
    this.clock = clock;
    this.parkers = parkers;
    ledger = new Ledger(endpoints, options);
    view = new LaneView(ledger.lanes());
    closings = new Closings<>(ledger, transport, clock, events);
    dials = new Dials<>(ledger, transport, workers, clock, closings);
    closings.use(dials);
    upkeep = new Upkeep<>(this, ledger, dials, closings);
  }

  /** What has to be done from time to time. */
  public Upkeep<C> upkeep() {
    return upkeep;
  }

  /** The closing side: discard, evict, resize, close. */
  public Closings<C> closings() {
    return closings;
  }

  /** The options as they stand. */
  public PoolOptions options() {
    return ledger.options();
  }

  /**
   * Gives the caller a connection that was fit a moment ago, waiting for one if need be.
   *
   * @param use what for
   * @param only the index of the one endpoint that will do, or {@link #ANY}
   * @param startNanos when the call began
   * @param deadlineNanos when it must have ended
   */
  public C acquire(
      Use use, PickOrder order, @Nullable Object key, int only, long startNanos, long deadlineNanos)
      throws IOException {
    long now = startNanos;
    int attempts = 0;
    Waiter waiter = null; // the last one: a call that was granted a dead connection keeps its place
    while (true) {
      Lane lane = only == ANY ? pick(key) : ledger.lanes()[only];
      boolean bound = only != ANY || balancer.isBinding();
      Pooled connection = claim(lane, bound, use, order);
      if (lane.isCold()) {
        dials.warm(lane); // so that an endpoint that is picked gets its share from the next time on
      }
      if (connection == null) {
        waiter = new Waiter(lane, bound, use.isFull(), parkers.get(), waiter);
        waiter.failures = attempts;
        connection = waitInLine(waiter, startNanos, deadlineNanos);
        now = clock.getAsLong();
        if (!use.isFull()) {
          connection.freed(); // its reading half, which the receiver may have missed
        }
      }
      CloseReason unfit = connection.unfit(now, use);
      if (unfit == null) {
        return cast(connection);
      }
      boolean dialedForThis = connection.openedNanos() - startNanos >= 0;
      if (closings.discardUnfit(connection, unfit)
          && dialedForThis // what died before the call began costs it nothing
          && ++attempts >= options().retry().maxAttempts()) {
        throw connectFailed(connection.lane(), attempts);
      }
      now = clock.getAsLong();
    }
  }

  /** As acquire, but null instead of waiting. */
  public @Nullable C tryAcquire(Use use, PickOrder order, @Nullable Object key, long now)
      throws IOException {
    Lane lane = pick(key);
    while (true) {
      Pooled connection = claim(lane, balancer.isBinding(), use, order);
      if (connection == null) {
        if (ledger.isClosed()) {
          throw poolClosed(0);
        }
        return null;
      }
      CloseReason unfit = connection.unfit(now, use);
      if (unfit == null) {
        return cast(connection);
      }
      closings.discardUnfit(connection, unfit);
    }
  }

  /** Takes a connection back that is fit for the next caller. */
  public void release(C connection, Use use, long now) {
    connection.used(now);
    if (!connection.isProven()) {
      dials.proveIfDue(connection, now);
    }
    connection.lane().released(connection);
    giveBack(connection, use.isFull());
  }

  /** Lets the next caller have a connection, or nobody if it is retiring. */
  void giveBack(Pooled connection, boolean full) {
    if (full && ledger.waiting() != 0 && ledger.handOver(connection)) {
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

  private Lane pick(@Nullable Object key) {
    Lane[] lanes = ledger.lanes();
    if (lanes.length == 1) {
      return lanes[0];
    }
    int index = balancer.pick(view, key);
    if (index < 0 || index >= lanes.length) {
      throw new IllegalStateException(
          "balancer must pick 0 to " + (lanes.length - 1) + ", but picked " + index);
    }
    return lanes[index];
  }

  private @Nullable Pooled claim(Lane lane, boolean bound, Use use, PickOrder order) {
    if (ledger.waiting() != 0) {
      return null;
    }
    Pooled connection = lane.claim(use.isFull(), order);
    return connection != null || bound ? connection : claimElsewhere(lane, use, order);
  }

  private @Nullable Pooled claimElsewhere(Lane lane, Use use, PickOrder order) {
    Lane[] lanes = ledger.lanes();
    for (int step = 1; step < lanes.length; step++) {
      Pooled connection = lanes[(lane.index() + step) % lanes.length].claim(use.isFull(), order);
      if (connection != null) {
        return connection;
      }
    }
    return null;
  }

  private Pooled waitInLine(Waiter waiter, long start, long deadline) throws IOException {
    Lane lane = waiter.preferred;
    Effects after = new Effects();
    Ledger.Entry entry = ledger.enter(waiter, deadline - clock.getAsLong() > 0, after);
    if (entry == Ledger.Entry.QUEUED) {
      dials.plan(lane, after);
    }
    closings.perform(after);
    switch (entry) {
      case CLOSED -> throw poolClosed(waiter.failures);
      case FULL ->
          throw new PoolExhaustedException(
              name + ": " + options().maxPending() + " callers wait for a connection already",
              FailureDetails.notSent(waiter.failures, null),
              lane.lastFailure);
      case NO_TIME -> throw ledger.timedOut(name, waiter, clock.getAsLong() - start);
      case GRANTED, QUEUED -> sleepUntilDecided(waiter, start, deadline);
    }
    return outcome(waiter);
  }

  private void sleepUntilDecided(Waiter waiter, long start, long deadline) throws IOException {
    while (!waiter.isDecided()) {
      long left = deadline - clock.getAsLong();
      if (left > 0) {
        waiter.sleep(left);
      }
      if (waiter.isDecided()) {
        return;
      }
      if (Thread.currentThread().isInterrupted() && ledger.withdraw(waiter)) {
        throw new CallInterruptedException(
            name + ": interrupted while waiting for a connection",
            FailureDetails.notSent(waiter.failures, waiter.preferred.endpoint()),
            null);
      }
      if (deadline - clock.getAsLong() <= 0 && ledger.withdraw(waiter)) {
        throw ledger.timedOut(name, waiter, clock.getAsLong() - start);
      }
    }
  }

  private Pooled outcome(Waiter waiter) throws IOException {
    Pooled granted = waiter.granted();
    if (granted != null) {
      return granted;
    }
    Lane lane = waiter.failedLane();
    throw lane == null ? poolClosed(waiter.failures) : connectFailed(lane, waiter.failures);
  }

  /** Gives idle connections to waiters, in the order in which they came. */
  private void matchIdle() {
    Effects after = new Effects();
    ledger.matchIdle(after);
    closings.perform(after);
  }

  long now() {
    return clock.getAsLong();
  }

  ConnectFailedException connectFailed(Lane lane, int attempts) {
    return Dials.connectFailed(name, lane, attempts);
  }

  private PoolClosedException poolClosed(int attempts) {
    return new PoolClosedException(
        name + " is closed", FailureDetails.notSent(attempts, null), null);
  }

  @SuppressWarnings("unchecked") // only this engine's transport makes connections
  private C cast(Pooled connection) {
    return (C) connection;
  }
}
