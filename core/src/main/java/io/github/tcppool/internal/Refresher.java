package io.github.tcppool.internal;

import io.github.tcppool.Backoff;
import io.github.tcppool.Endpoint;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.RefreshReason;
import io.github.tcppool.discovery.Discovery;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the endpoints looked up when it is time, and hands on what is found.
 *
 * <pre>
 * state    meaning                           leaves it by
 * idle     a look-up is due at some moment   the timer, when it is due: busy
 * busy     one worker is in a look-up        its end, or that there is no worker: idle
 * ended    the pool is shut                  never
 * </pre>
 *
 * <p>Whoever pushes only leaves the list and rings; it is handed on by the timer's thread alone, so
 * that an older list never replaces a newer one. The code of the user's runs on a worker, and
 * without the lock.
 */
final class Refresher implements Discovery.Sink {

  private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);
  static final long ASKED_MOST_OFTEN_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int MAX_ENDPOINTS = 10_000;
  private static final int SHOWN_CHARS = 200;
  private static final Backoff AFTER_FAILURE =
      Backoff.exponential(Duration.ofMillis(500), Duration.ofSeconds(5));

  /** Puts a list of endpoints in place. */
  interface Target {
    void change(List<Endpoint> endpoints, RefreshReason reason);
  }

  private final Discovery discovery;
  private final long graceNanos;
  private final Target target;
  private final Executor workers;
  private final LongSupplier clock;
  private final RandomGenerator random;
  private final Consumer<PoolEvent> events;
  private final ReentrantLock lock = new ReentrantLock();

  /** Has {@link #run} run soon. Set once, before the first run. */
  private volatile Runnable alarm = () -> {};

  // Guarded by the lock.
  private boolean busy;

  private boolean ended;

  /** When the latest look-up began, and why it was made. */
  private long begunNanos;

  private RefreshReason begunFor = RefreshReason.START;

  private long dueNanos;

  private RefreshReason dueFor = RefreshReason.START;

  /** What was pushed and is not handed on yet. */
  private @Nullable List<Endpoint> news;

  private RefreshReason newsFor = RefreshReason.START;

  /** How many endpoints were pushed last during the look-up under way; -1 for none yet. */
  private int found = -1;

  private int failuresInRow;

  private Figures figures = new Figures(0, 0, null, null);

  // Touched by the timer's thread only: what the pool has, and since when some of it is missing.
  private List<Endpoint> latest = List.of();
  private Map<String, Endpoint> known = Map.of();
  private final Map<String, Long> missingSince = new HashMap<>();

  /** As in {@link io.github.tcppool.DiscoverySnapshot}. */
  record Figures(
      long refreshes,
      long failed,
      @Nullable RefreshReason lastReason,
      @Nullable String lastFailure) {}

  Refresher(
      Discovery discovery,
      Duration grace,
      Target target,
      Executor workers,
      LongSupplier clock,
      RandomGenerator random,
      Consumer<PoolEvent> events) {
    this.discovery = discovery;
    this.graceNanos = grace.toNanos();
    this.target = target;
    this.workers = workers;
    this.clock = clock;
    this.random = random;
    this.events = events;
    dueNanos = clock.getAsLong();
    begunNanos = dueNanos - ASKED_MOST_OFTEN_NANOS;
  }

  void onChange(Runnable ring) {
    alarm = ring;
  }

  Figures figures() {
    lock.lock();
    try {
      return figures;
    } finally {
      lock.unlock();
    }
  }

  // ---- the timer's thread ----

  /** Does what is due; returns when to run next, {@code Long.MAX_VALUE} if that is not known. */
  long run(long now) {
    long next = handOn(now);
    RefreshReason reason;
    lock.lock();
    try {
      if (ended || busy) {
        return ended ? Long.MAX_VALUE : next;
      }
      if (dueNanos - now > 0) {
        return Math.min(next, dueNanos);
      }
      busy = true;
      found = -1;
      begunNanos = now;
      reason = dueFor;
      begunFor = reason;
    } finally {
      lock.unlock();
    }
    try {
      workers.execute(() -> lookUp(reason));
    } catch (Throwable t) { // no thread to be had
      finished(reason, now, null, t);
    }
    return next;
  }

  private long handOn(long now) {
    List<Endpoint> pushed;
    RefreshReason reason;
    lock.lock();
    try {
      if (ended) {
        return Long.MAX_VALUE;
      }
      pushed = news;
      reason = newsFor;
      news = null;
    } finally {
      lock.unlock();
    }
    if (pushed == null && missingSince.isEmpty()) {
      return Long.MAX_VALUE;
    }
    if (pushed != null) {
      latest = pushed;
    }
    return apply(pushed == null ? RefreshReason.GRACE_OVER : reason, now);
  }

  /** Hands on the latest list, and with it what has not been missing for long enough. */
  private long apply(RefreshReason reason, long now) {
    Map<String, Endpoint> wanted = new LinkedHashMap<>();
    latest.forEach(endpoint -> wanted.putIfAbsent(nameOf(endpoint), endpoint));
    missingSince.keySet().removeAll(wanted.keySet());
    long next = Long.MAX_VALUE;
    boolean changed = reason != RefreshReason.GRACE_OVER;
    if (graceNanos > 0) {
      for (Map.Entry<String, Endpoint> each : known.entrySet()) {
        String name = each.getKey();
        if (wanted.containsKey(name)) {
          continue;
        }
        long over = missingSince.computeIfAbsent(name, missing -> now) + graceNanos;
        if (over - now > 0) {
          wanted.put(name, each.getValue());
          next = Math.min(next, over);
        } else {
          missingSince.remove(name);
          changed = true;
        }
      }
    }
    known = wanted;
    if (changed) {
      target.change(List.copyOf(wanted.values()), reason);
    }
    return next;
  }

  private static String nameOf(Endpoint endpoint) {
    return endpoint.toString().toLowerCase(Locale.ROOT);
  }

  // ---- a worker ----

  private void lookUp(RefreshReason reason) {
    long begun = clock.getAsLong();
    try {
      Duration next = discovery.refresh(this);
      finished(reason, begun, next, null);
    } catch (Throwable t) { // the user's code, which may throw anything
      finished(reason, begun, null, t);
    }
  }

  private void finished(
      RefreshReason reason, long begun, @Nullable Duration next, @Nullable Throwable thrown) {
    long now = clock.getAsLong();
    Throwable failure = thrown;
    int endpoints;
    lock.lock();
    try {
      endpoints = Math.max(0, found);
      if (failure == null && (next == null || found == 0)) {
        failure = new IOException(next == null ? "returned no time" : "found no endpoint");
      }
      busy = false;
      failuresInRow = failure == null ? 0 : failuresInRow + 1;
      figures =
          new Figures(
              figures.refreshes + 1,
              figures.failed + (failure == null ? 0 : 1),
              reason,
              failure == null ? null : shown(failure));
      dueFor = failure == null ? RefreshReason.INTERVAL : RefreshReason.RETRY;
      dueNanos = now + pause(next, failure != null);
    } finally {
      lock.unlock();
    }
    events.accept(
        new PoolEvent.EndpointsRefreshed(
            reason, endpoints, failure, Duration.ofNanos(now - begun)));
    alarm.run();
  }

  /** Under the lock. */
  private long pause(@Nullable Duration next, boolean failed) {
    if (failed || next == null) {
      return AFTER_FAILURE.delayNanos(failuresInRow, random);
    }
    boolean never = next.compareTo(Duration.ofDays(36_500)) >= 0;
    long nanos = never ? Long.MAX_VALUE / 4 : Math.max(LEAST_NANOS, next.toNanos());
    return nanos - random.nextLong(nanos / 10 + 1);
  }

  private static String shown(Throwable failure) {
    String text;
    try {
      text = String.valueOf(failure);
    } catch (RuntimeException broken) { // a failure of the user's that cannot tell what it is
      text = failure.getClass().getName();
    }
    return text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "..." : text;
  }

  // ---- any thread ----

  @Override
  public void push(List<Endpoint> all) {
    List<Endpoint> copy = List.copyOf(all);
    if (copy.size() > MAX_ENDPOINTS) {
      throw new IllegalArgumentException(
          "endpoints must be at most 10,000, but were " + copy.size());
    }
    lock.lock();
    try {
      found = copy.size();
      if (copy.isEmpty() || ended) {
        return;
      }
      news = copy;
      newsFor = busy ? begunFor : RefreshReason.PUSHED;
    } finally {
      lock.unlock();
    }
    alarm.run();
  }

  /**
   * A connection could not be made: has the endpoints looked up soon, unless that is being done
   * already.
   */
  void connectFailed() {
    lock.lock();
    try {
      long soonest = begunNanos + ASKED_MOST_OFTEN_NANOS;
      long now = clock.getAsLong();
      long asked = soonest - now > 0 ? soonest : now;
      if (ended || busy || asked - dueNanos >= 0) {
        return;
      }
      dueNanos = asked;
      dueFor = RefreshReason.CONNECT_FAILED;
    } finally {
      lock.unlock();
    }
    alarm.run();
  }

  /** Looks and hands on no more; tells the discovery, on a worker. */
  void end() {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = true;
      news = null;
    } finally {
      lock.unlock();
    }
    try {
      workers.execute(this::tellEnd);
    } catch (Throwable t) { // no thread to be had
      LOG.warn("{} could not be told that its pool was closed", discovery, t);
    }
  }

  private void tellEnd() {
    try {
      discovery.close(this);
    } catch (Throwable t) { // the user's code, and nobody depends on it any more
      LOG.warn("{} failed to end", discovery, t);
    }
  }
}
