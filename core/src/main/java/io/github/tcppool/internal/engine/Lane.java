package io.github.tcppool.internal.engine;

import io.github.tcppool.Endpoint;
import io.github.tcppool.PickOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of a pool: its connections, and how dialing it went.
 *
 * <p>Fields named "guarded" are written under the engine's lock, which this class does not know;
 * those that are read without it are volatile. Claiming touches no lock: it walks the current array
 * and tries to set a connection's word.
 */
final class Lane {

  private static final Pooled[] NONE = {};

  /** What two ends do not agree on is a matter of configuration: no use in asking often. */
  private static final long TLS_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Guarded for writing: its weight, priority and labels may change, its host and port never. */
  private volatile Endpoint endpoint;

  private final int number;

  /** Guarded for writing; a hint for who reads it without the lock. */
  private volatile int index;

  /** Guarded. */
  LaneState state = LaneState.ACTIVE;

  /** How often the balancer picked it. */
  final PickRate picks = new PickRate();

  /** Whether it is fit for calls. */
  final LaneHealth health = new LaneHealth();

  /** How long its answers took. */
  final PeakEwma roundTrips = new PeakEwma();

  /** Copied on every change, so that claims walk a fixed array. Guarded for writing. */
  private volatile Pooled[] connections = NONE;

  private final Rotation rotation = new Rotation();

  final LastUsed lastUsed = new LastUsed();

  // Guarded.
  private final List<Dial> dials = new ArrayList<>(4);
  private volatile int dialing;

  /** Dials that failed in a row, whoever was to blame: they set the pace of the next ones. */
  volatile int failures;

  volatile @Nullable IOException lastFailure;

  /** The latest of these failures that was the endpoint's own, or null. */
  volatile @Nullable IOException blame;

  /** Whether idle connections are to be looked at, as a dial has just begun to fail. */
  boolean doubted;

  /** Heartbeats under way. */
  final AtomicInteger beating = new AtomicInteger();

  /** Whether the endpoint is to blame and no connection that has proved itself is left. */
  boolean down;

  /** How often it was evicted: a dial that began before the last time makes nothing of use. */
  int evictions;

  int closing;

  /** Waiters that no other lane will do for; read without the lock as a hint. */
  int boundWaiters;

  long downSinceNanos;
  long failedAtNanos;
  long busyBackoffNanos;
  long quietBackoffNanos;
  long opened;
  long closed;
  long dialFailures;

  /** What its connections have done. */
  final LaneTotals totals = new LaneTotals();

  int dialing() {
    return dialing;
  }

  /** Sets how long the next dial waits; certificates do not mend within milliseconds. */
  void backOff(long busyNanos, long quietNanos) {
    long least = lastFailure instanceof SSLException ? TLS_NANOS : 0;
    busyBackoffNanos = Math.max(busyNanos, least);
    quietBackoffNanos = Math.max(quietNanos, least);
  }

  /**
   * A dial succeeded, which ends the backoff; but as long as it fails, the next one waits for a
   * moment, in which the new connection may prove itself, or end as the last ones did.
   */
  void pause(long now, long nanos) {
    busyBackoffNanos = now - failedAtNanos + nanos;
    quietBackoffNanos = busyBackoffNanos;
  }

  /** Whether its latest failure was before this moment, if there is one; under the lock. */
  boolean hasNotFailedSince(long moment) {
    return lastFailure == null || moment - failedAtNanos > 0;
  }

  // ---- dials under way; under the engine's lock ----

  Dial beginDial(long now) {
    Dial dial = new Dial(this, now, evictions);
    dials.add(dial);
    dialing = dials.size();
    return dial;
  }

  void endDial(Dial dial) {
    dials.remove(dial);
    dialing = dials.size();
  }

  /** How many dials began at this moment or before. */
  int dialsSince(long moment) {
    int older = 0;
    for (Dial dial : dials) {
      older += dial.begunNanos() - moment <= 0 ? 1 : 0;
    }
    return older;
  }

  /** When the next of them will have lasted this long; {@code Long.MAX_VALUE} if none will. */
  long nextToLast(long nanos, long now) {
    long next = Long.MAX_VALUE;
    for (Dial dial : dials) {
      long moment = dial.begunNanos() + nanos;
      next = moment - now > 0 ? Math.min(next, moment) : next;
    }
    return next;
  }

  // ---- state ----

  Lane(Endpoint endpoint, int number) {
    this.endpoint = endpoint;
    this.number = number;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  void endpoint(Endpoint changed) {
    endpoint = changed;
  }

  /** Its own for ever, and no other lane's of this engine. */
  int number() {
    return number;
  }

  /** Where it stands among the others now. */
  int index() {
    return index;
  }

  void index(int place) {
    index = place;
  }

  boolean isActive() {
    return state == LaneState.ACTIVE;
  }

  Pooled[] connections() {
    return connections;
  }

  /** Open, being made, or being closed. Exact under the engine's lock. */
  int total() {
    return connections.length + dialing + closing;
  }

  /** Whether the next call may be sent here; says yes for a share of the questions only. */
  boolean isUsable() {
    return health.admits(this);
  }

  /** Whether a call may be served here that found nothing elsewhere. */
  boolean isOpen() {
    return isOpen(0);
  }

  /** The same, when so many of its connections are owned for that call already. */
  boolean isOpen(int owned) {
    return health.isOpen(this, owned);
  }

  /** Failures in a row that are the endpoint's own doing. */
  int failuresToBlame() {
    return blame == null ? 0 : failures;
  }

  boolean hasProven() {
    for (Pooled connection : connections) {
      if (connection.isProven()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Works as far as is known, has no dial under way, and has no connection, or fewer than the lane
   * that served a call in its place.
   */
  boolean isThin(@Nullable Pooled served) {
    boolean thin =
        connections.length == 0
            || (served != null
                && served.lane() != this
                && connections.length < served.lane().connections.length
                && isOpen());
    return thin && dialing == 0 && failures == 0;
  }

  boolean hasIdle() {
    for (Pooled connection : connections) {
      if (connection.isIdle()) {
        return true;
      }
    }
    return false;
  }

  int leased() {
    int leased = 0;
    for (Pooled connection : connections) {
      if (!connection.isIdle()) {
        leased++;
      }
    }
    return leased;
  }

  /** Calls that hold a connection, or wait for one of this lane and no other. */
  int outstanding() {
    return leased() + boundWaiters;
  }

  long load() {
    long load = boundWaiters;
    for (Pooled connection : connections) {
      if (!connection.isIdle()) {
        load += 1 + connection.pendingBytes();
      }
    }
    return load;
  }

  // ---- the array; under the engine's lock ----

  void add(Pooled connection) {
    Pooled[] old = connections;
    Pooled[] grown = new Pooled[old.length + 1];
    System.arraycopy(old, 0, grown, 0, old.length);
    grown[old.length] = connection;
    connection.slot = old.length;
    rotation.join(connection);
    connections = grown;
  }

  /** True if it was there. */
  boolean remove(Pooled connection) {
    Pooled[] old = connections;
    int at = connection.slot;
    if (at >= old.length || old[at] != connection) {
      return false;
    }
    Pooled[] shrunk = new Pooled[old.length - 1];
    System.arraycopy(old, 0, shrunk, 0, at);
    for (int i = at + 1; i < old.length; i++) {
      old[i].slot = i - 1;
      shrunk[i - 1] = old[i];
    }
    connections = shrunk.length == 0 ? NONE : shrunk;
    totals.gone(connection);
    return true;
  }

  // ---- claiming; no lock ----

  @Nullable Pooled claim(boolean full, PickOrder order) {
    Pooled[] all = connections;
    if (all.length == 0) {
      return null;
    }
    return order == PickOrder.ROTATE ? rotation.claim(all, full) : claimLast(all, full);
  }

  /** The one released last, else the first free one: the far end of the array falls quiet. */
  private @Nullable Pooled claimLast(Pooled[] all, boolean full) {
    int hint = lastUsed.slot();
    if (hint < all.length && all[hint].claim(full)) {
      return all[hint];
    }
    lastUsed.missed();
    return Rotation.claimAny(all, full);
  }

  void released(Pooled connection) {
    lastUsed.released(connection.slot);
  }
}
