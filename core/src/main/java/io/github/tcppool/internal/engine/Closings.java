package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolOptions;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How connections leave: discarded by their owner, found dead, retired, or closed with the pool.
 *
 * <p>Whoever marks a connection closed takes it from its lane and closes it; until its socket is
 * closed, it counts.
 *
 * @param <C> the kind of connection
 */
public final class Closings<C extends Pooled> {

  private static final Logger LOG = LoggerFactory.getLogger(Closings.class);

  private final Ledger ledger;
  private final Transport<C> transport;
  private final LongSupplier clock;
  private final EventSink events;
  private @Nullable Dials<C> dials;
  private final Surplus surplus;

  /** Connections that were taken out and are not closed yet. Guarded by the ledger's lock. */
  private final Set<C> draining = new LinkedHashSet<>();

  Closings(Ledger ledger, Transport<C> transport, LongSupplier clock, EventSink events) {
    this.ledger = ledger;
    this.transport = transport;
    this.clock = clock;
    this.events = events;
    surplus = new Surplus(ledger, this);
  }

  Surplus surplus() {
    return surplus;
  }

  void use(Dials<C> planner) {
    dials = planner;
  }

  private Dials<C> dials() {
    Dials<C> planner = dials;
    if (planner == null) {
      throw new IllegalStateException("engine is not complete");
    }
    return planner;
  }

  /** Does what was decided under the lock, now that it is free. */
  void perform(Effects after) {
    for (Waiter waiter : after.wakes) {
      waiter.wake();
    }
    for (Dial dial : after.dials) {
      dials().start(dial);
    }
    after.linedUp.forEach(event -> tell(event, events::linedUp));
    after.events.forEach(event -> tell(event, events::accept));
    for (Effects.Closing closing : after.closes) {
      close(closing.connection(), closing.reason());
    }
  }

  private void tell(PoolEvent event, Consumer<PoolEvent> how) {
    try {
      how.accept(event);
    } catch (Throwable t) { // nobody's place or connection is lost because a log or listener fails
      LOG.error("telling {} failed", event, t);
    }
  }

  private void close(Pooled connection, CloseReason reason) {
    C mine = cast(connection);
    try {
      transport.close(mine, reason, () -> gone(mine, reason));
    } catch (Throwable t) { // whatever it is: the place must be free again, and the caller goes on
      LOG.error("closing {} failed", connection, t);
      transport.sever(mine);
      gone(mine, reason);
    }
  }

  /** Its socket is closed: the place is free. Does nothing the second time. */
  private void gone(C connection, CloseReason reason) {
    if (!endsNow(connection)) {
      return;
    }
    Lane lane = connection.lane();
    tell( // before it stops to count, so that whoever closes the pool returns after it was told
        new PoolEvent.ConnectionClosed(
            lane.endpoint(),
            connection.id(),
            reason,
            Duration.ofNanos(clock.getAsLong() - connection.openedNanos()),
            connection.messages()),
        events::accept);
    Effects after = new Effects();
    boolean refill;
    ledger.lock.lock();
    try {
      lane.closing--;
      ledger.countClosed(lane, reason);
      dials().planLocked(null, after);
      ledger.book().buryIfEmpty(lane);
      refill = dials().isBelowMinimum();
      signalIfEmptied();
    } finally {
      ledger.lock.unlock();
    }
    perform(after);
    if (refill) {
      dials().ring(); // only now there is a place for the replacement
    }
  }

  /** True the first time. */
  private boolean endsNow(C connection) {
    ledger.lock.lock();
    try {
      return draining.remove(connection);
    } finally {
      ledger.lock.unlock();
    }
  }

  void signalIfEmptied() {
    if (ledger.isClosed() && ledger.total() == 0) {
      ledger.emptied.signalAll();
    }
  }

  // ---- one connection ----

  void discard(Pooled connection, CloseReason reason) {
    if (connection.markClosed()) {
      closeMarked(connection, reason);
    }
  }

  /**
   * Discards a connection that was found unfit before use. True if that counts as a failed dial,
   * because the connection had never been of any use. Of many that died together only the first
   * counts: those made before the latest failure tell nothing new.
   */
  boolean discardUnfit(Pooled connection, CloseReason reason) {
    if (!connection.markClosed()) {
      return false;
    }
    boolean local = reason == CloseReason.NO_DESCRIPTOR;
    boolean useless =
        (local || reason == CloseReason.PEER_CLOSED || reason == CloseReason.PEER_RESET)
            && !connection.isProven()
            && connection.messages() == 0
            && connection.bytesRead() == 0;
    if (!useless || connection.refusal() != null) {
      closeMarked(connection, reason);
      return false;
    }
    String failure =
        local
            ? "Too many open files: no descriptor is left to wait with"
            : connection.lane().endpoint() + " closed the connection before its first use";
    return closeMarked(connection, reason, new SocketException(failure), local);
  }

  /** Closes what the caller has marked closed; what the endpoint refused is a failed dial. */
  void closeMarked(Pooled connection, CloseReason reason) {
    boolean unused = closeMarked(connection, reason, connection.refusal(), false);
  }

  boolean closeMarked(
      Pooled connection, CloseReason reason, @Nullable IOException failure, boolean local) {
    Lane lane = connection.lane();
    boolean counts = false;
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      takeOut(connection, reason, after);
      if (failure != null && lane.hasNotFailedSince(connection.openedNanos())) {
        counts = true;
        dials().countFailureLocked(lane, failure, local, after);
      }
      dials().planIfWiderLocked(after);
    } finally {
      ledger.lock.unlock();
    }
    perform(after);
    if (failure != null) {
      dials().ring(); // those who wait are served by a dial after the backoff
    }
    return counts;
  }

  /** Takes a connection marked closed from its lane; the lock is held. */
  void takeOut(Pooled connection, CloseReason reason, Effects after) {
    Lane lane = connection.lane();
    if (lane.remove(connection)) {
      lane.closing++;
      draining.add(cast(connection));
      after.closes.add(new Effects.Closing(connection, reason));
      dials().downIfNothingIsLeftLocked(lane, after);
      if (lane.health.share() == 0 && ledger.waiting() > 0) {
        ledger.matchIdle(after); // it may have been the trial on whose end others wait
      }
    }
  }

  /** Lets a connection end when it is next free; the lock is held. */
  void retireLocked(Pooled connection, CloseReason reason, Effects after) {
    if (connection.retire(reason)) {
      takeOut(connection, reason, after);
    }
  }

  // ---- many connections ----

  /** Retires all connections to the endpoints chosen, those being made included. */
  public void evict(Predicate<? super Endpoint> which) {
    List<Lane> chosen = new ArrayList<>();
    for (Lane lane : ledger.lanes()) {
      if (which.test(lane.endpoint())) {
        chosen.add(lane);
      }
    }
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      for (Lane lane : chosen) {
        lane.evictions++;
        retireAll(lane, CloseReason.EVICTED, after);
      }
      dials().planIfWiderLocked(after);
    } finally {
      ledger.lock.unlock();
    }
    perform(after);
  }

  private void retireAll(Lane lane, CloseReason reason, Effects after) {
    for (Pooled connection : lane.connections()) {
      retireLocked(connection, reason, after);
    }
  }

  /**
   * Puts new options in force; what is above a lowered maximum ends now, or when it is returned.
   * False, and nothing done, if other options than the expected ones are in force meanwhile.
   */
  public boolean update(PoolOptions expected, PoolOptions options) {
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      if (ledger.options() != expected) {
        return false;
      }
      ledger.options(options);
      if (!expected.retry().backoff().equals(options.retry().backoff())) {
        dials().backoffChangedLocked();
      }
      surplus.shrink(after);
      dials().planLocked(null, after);
    } finally {
      ledger.lock.unlock();
    }
    perform(after);
    return true;
  }

  // ---- the whole pool ----

  /**
   * Shuts the line and retires every connection. Returns how many waiters were turned away, or -1
   * if it was shut before.
   */
  public int shut() {
    Effects after = new Effects();
    int turnedAway;
    ledger.lock.lock();
    try {
      if (ledger.isClosed()) {
        return -1;
      }
      for (Lane lane : ledger.lanes()) {
        retireAll(lane, CloseReason.POOL_CLOSED, after);
      }
      turnedAway = ledger.shut(after); // last: who sees it closed can be sure that nothing is idle
    } finally {
      ledger.lock.unlock();
    }
    perform(after);
    ledger.pauses.end();
    transport.cancelDials();
    return turnedAway;
  }

  /** Waits until no connection is left. False if the time ran out; throws if interrupted. */
  public boolean awaitEmpty(long nanos) throws InterruptedException {
    long left = nanos;
    ledger.lock.lock();
    try {
      while (ledger.total() > 0) {
        if (left <= 0) {
          return false;
        }
        left = ledger.emptied.awaitNanos(left);
      }
      return true;
    } finally {
      ledger.lock.unlock();
    }
  }

  /** Cuts every connection that is left, leased or draining; returns how many. */
  public int force() {
    List<C> draining;
    List<Pooled> leased = new ArrayList<>();
    ledger.lock.lock();
    try {
      draining = new ArrayList<>(this.draining);
      for (Lane lane : ledger.lanes()) {
        leased.addAll(List.of(lane.connections()));
      }
      for (Lane lane : ledger.book().leaving()) {
        leased.addAll(List.of(lane.connections()));
      }
    } finally {
      ledger.lock.unlock();
    }
    draining.forEach(transport::sever);
    for (Pooled connection : leased) {
      transport.sever(cast(connection));
      discard(connection, CloseReason.FORCED);
    }
    return draining.size() + leased.size();
  }

  /** Passes every connection to the action, but those of endpoints that leave; no lock. */
  public void forEach(Consumer<? super C> action) {
    for (Lane lane : ledger.lanes()) {
      for (Pooled connection : lane.connections()) {
        action.accept(cast(connection));
      }
    }
  }

  /** One entry per endpoint. */
  public List<EndpointSnapshot> endpoints() {
    return ledger.endpoints();
  }

  /** Connections closed so far. */
  public Map<CloseReason, Long> closedBy() {
    return ledger.tally().closedBy();
  }

  /** Calls that waited in vain. */
  public long timeouts() {
    return ledger.tally().timeouts();
  }

  /** Calls that were not repeated for want of budget. */
  public long notRepeated() {
    return ledger.tally().notRepeated();
  }

  /** Callers in the line. */
  public int waiting() {
    return ledger.waiting();
  }

  /** Whether the pool was shut. */
  public boolean isShut() {
    return ledger.isClosed();
  }

  @SuppressWarnings("unchecked") // only this engine's transport makes connections
  private C cast(Pooled connection) {
    return (C) connection;
  }
}
