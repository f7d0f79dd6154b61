package io.github.tcppool.internal.engine;

import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.FailureDetails;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolExhaustedException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call that was not served at once, on its way to a connection.
 *
 * <p>It goes on in steps that never block: {@link #advance()} runs until it has a connection, has
 * failed, or can only sleep. So whoever drives it decides how it sleeps; nothing else of it depends
 * on threads. Used by one thread at a time.
 *
 * <pre>
 * state       meaning                          leaves it by
 * free        looks for an idle connection     claim: fit, ends; unfit, discards it and stays free
 *                                              join: becomes waiting
 * waiting     its waiter is in the line, or    grant: fit, ends; unfit, discards it and is free,
 *             decided                          with its place kept
 *                                              moved: is free, with its place kept
 *                                              failure, interrupt, deadline: throws
 * </pre>
 *
 * @param <C> the kind of connection
 */
final class Acquisition<C extends Pooled> {

  private final Engine<C> engine;
  private final Ledger ledger;
  private final Use use;
  private final PickOrder order;
  private final @Nullable Object key;
  private final int only;

  /** Where the last attempt of the call failed, or null. */
  private final @Nullable Lane avoided;

  private final long startNanos;
  private final long deadlineNanos;

  /** Connections that died under this call, and dials that failed while it waited. */
  private int attempts;

  /** Its place in the line, which it keeps when it was granted a dead connection. */
  private long place = Waiter.NEW;

  /** Null while it is free. */
  private @Nullable Waiter waiter;

  /** Where it waited last, if it was told to pick again. */
  private @Nullable Lane movedFrom;

  Acquisition(
      Engine<C> engine,
      Ledger ledger,
      Use use,
      PickOrder order,
      @Nullable Object key,
      int only,
      @Nullable Lane avoided,
      long startNanos,
      long deadlineNanos) {
    this.engine = engine;
    this.ledger = ledger;
    this.use = use;
    this.order = order;
    this.key = key;
    this.only = only;
    this.avoided = avoided;
    this.startNanos = startNanos;
    this.deadlineNanos = deadlineNanos;
  }

  /** Advances and sleeps until there is a connection. */
  C await() throws IOException {
    C connection = advance();
    while (connection == null) {
      sleep();
      connection = advance();
    }
    return connection;
  }

  /** Goes on as far as it can without sleeping. Null if it has to sleep. */
  @Nullable C advance() throws IOException {
    while (true) {
      Waiter mine = waiter;
      Pooled connection = mine == null ? claimOrJoin() : granted(mine);
      if (connection != null) {
        CloseReason unfit = engine.unfit(connection, engine.now(), use);
        if (unfit == null) {
          return engine.cast(connection);
        }
        reject(connection, unfit);
      } else if (mine != null && waiter == mine) {
        return null;
      }
    }
  }

  /** What it waits with; null while it does not wait. */
  @Nullable Waiter waiter() {
    return waiter;
  }

  private void sleep() {
    Waiter mine = waiter;
    long left = deadlineNanos - engine.now();
    if (mine != null && left > 0) {
      mine.sleep(left);
    }
  }

  /** Discards a connection that was found dead; throws if that was one too many. */
  void reject(Pooled connection, CloseReason unfit) throws IOException {
    boolean dialedForThis = connection.openedNanos() - startNanos >= 0;
    if (engine.closings().discardUnfit(connection, unfit)
        && dialedForThis // what died before the call began costs it nothing
        && ++attempts >= engine.options().retry().maxAttempts()) {
      throw engine.connectFailed(connection.lane(), attempts);
    }
  }

  // ---- free ----

  /** An idle connection; null if there was none, and it is waiting now. */
  private @Nullable Pooled claimOrJoin() throws IOException {
    Lane lane = engine.laneFor(key, only, engine.now());
    Pooled connection;
    if (lane == null
        || avoided == null
        || !ledger.book().canServeBut(avoided, ledger.options().maxConnections())) {
      connection =
          lane == null ? null : engine.claims().any(lane, engine.isBound(only), null, use, order);
    } else {
      lane = lane == avoided ? ledger.book().usableBeside(lane) : lane;
      connection = engine.claims().any(lane, false, avoided, use, order);
    }
    engine.warm(lane, connection);
    if (connection == null) {
      join(lane);
    }
    return connection;
  }

  /**
   * Joins the line, or throws if there is no place or no time; stays free if the lane has left
   * meanwhile.
   */
  void join(@Nullable Lane lane) throws IOException {
    Waiter joining =
        new Waiter(lane, engine.isBound(only), avoided, use.isFull(), engine.parker(), place);
    joining.failures = attempts;
    joining.mayPickAgain = only == Engine.ANY;
    joining.movedFrom = movedFrom;
    Effects after = new Effects();
    Ledger.Entry entry = ledger.enter(joining, deadlineNanos - engine.now(), after);
    if (entry == Ledger.Entry.QUEUED) {
      engine.plan(joining.preferred, after);
    }
    engine.closings().perform(after);
    switch (entry) {
      case CLOSED -> throw engine.poolClosed(joining.failures);
      case FULL ->
          throw exhausted(
              joining, engine.options().maxPending() + " callers wait for a connection already");
      case HOPELESS ->
          throw exhausted(
              joining,
              ledger.waiting()
                  + " callers wait for a connection already, too many to be served before the deadline");
      case NO_TIME -> throw timedOut(joining);
      case GRANTED, QUEUED -> waiter = joining;
      case MOVED -> {} // to pick again
    }
  }

  // ---- waiting ----

  /**
   * What the waiter was granted, and it is free again; null if nothing is decided yet, or if it is
   * to pick again and is free for that.
   */
  private @Nullable Pooled granted(Waiter mine) throws IOException {
    if (!isOver(mine)) {
      return null;
    }
    if (mine.isMoved()) {
      waiter = null;
      movedFrom = mine.preferred;
      place = mine.place();
      attempts = mine.failures;
      return null;
    }
    if (mine.isShed()) {
      throw exhausted(
          mine,
          "callers have waited for a connection for more than "
              + engine.options().overload().target().toMillis()
              + " ms for a while, this one for "
              + TimeUnit.NANOSECONDS.toMillis(engine.now() - startNanos)
              + " ms");
    }
    Pooled granted = mine.granted();
    if (granted == null) {
      Lane lane = mine.failedLane();
      throw lane == null
          ? engine.poolClosed(mine.failures)
          : engine.connectFailed(lane, mine.failures);
    }
    waiter = null;
    place = mine.place();
    if (!use.isFull()) {
      granted.freed(); // its reading half, which the receiver may have missed
    }
    return granted;
  }

  /** Whether it was decided by others; throws if it ends by itself. */
  private boolean isOver(Waiter mine) throws IOException {
    if (mine.isDecided()) {
      return true;
    }
    if (Thread.currentThread().isInterrupted() && engine.withdraw(mine)) {
      throw new CallInterruptedException(
          engine.name() + ": interrupted while waiting for a connection",
          FailureDetails.notSent(mine.failures, endpointOf(mine)),
          null);
    }
    if (deadlineNanos - engine.now() <= 0 && engine.withdraw(mine)) {
      throw timedOut(mine);
    }
    return mine.isDecided();
  }

  private CallTimeoutException timedOut(Waiter mine) {
    ledger.tally().countTimeout();
    int open = 0;
    int leased = 0;
    int dialing = 0;
    for (Lane lane : ledger.lanes()) {
      open += lane.connections().length;
      leased += lane.leased();
      dialing += lane.dialing();
    }
    Lane lane = mine.preferred;
    int known = ledger.lanes().length;
    IOException last = // else it is history
        lane == null || lane.failures == 0 ? null : lane.lastFailure;
    String message =
        String.format(
            "%s: no connection to %s within %d ms (idle %d, leased %d, dialing %d, waiting %d)%s",
            engine.name(),
            lane != null && (known == 1 || mine.bound)
                ? lane.endpoint()
                : known == 0 ? "any endpoint, as none is known," : known + " endpoints",
            TimeUnit.NANOSECONDS.toMillis(engine.now() - startNanos),
            Math.max(0, open - leased),
            leased,
            dialing,
            ledger.waiting(),
            last == null ? "" : "; last failure: " + last.getMessage());
    return new CallTimeoutException(
        message, FailureDetails.notSent(mine.failures, endpointOf(mine)), last);
  }

  private static @Nullable Endpoint endpointOf(Waiter mine) {
    return mine.preferred == null ? null : mine.preferred.endpoint();
  }

  private PoolExhaustedException exhausted(Waiter mine, String why) {
    return new PoolExhaustedException(
        engine.name() + ": " + why,
        FailureDetails.notSent(mine.failures, null),
        mine.preferred == null ? null : mine.preferred.lastFailure);
  }
}
