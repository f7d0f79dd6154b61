package io.github.tcppool.internal;

import io.github.tcppool.CloseReason;
import io.github.tcppool.EndpointHealth;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.internal.engine.EventSink;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what happens, to the log and to the listeners. The log says what a person on call wants to
 * know: endpoints that go down and come back, connections that end for a bad reason, leases that
 * are lost; the rest is for debugging.
 */
final class Reporter implements EventSink, Consumer<PoolEvent> {

  private static final Logger LOG = LoggerFactory.getLogger("io.github.tcppool");
  private static final int SHOWN_CHARS = 200;

  private final String name;
  private final Teller teller;

  /** It would come again and again, as long as the pool lives. */
  private final AtomicBoolean inboundFullTold = new AtomicBoolean();

  Reporter(String name, Teller teller) {
    this.name = name;
    this.teller = teller;
  }

  @Override
  public void accept(PoolEvent event) {
    lineUp(event);
    linedUp(event);
  }

  /** Listeners hear of events in the order of these calls. */
  @Override
  public void lineUp(PoolEvent event) {
    teller.lineUp(event);
  }

  @Override
  public void linedUp(PoolEvent event) {
    try {
      log(event);
    } catch (Throwable t) { // the log is the user's code, and the engine has more to do
      note(event.getClass().getSimpleName(), t);
    }
    teller.go();
  }

  /** Frames that came before a connection ended, or before a dialogue, and found no room. */
  void inboundDropped(long frames, long bytes) {
    try {
      LOG.warn(
          "{}: peers send more than is received: {} frames of {} bytes dropped since the pool was"
              + " opened; call receive() more often, raise maxInboundBytes, or set"
              + " ignoreInbound(true)",
          name,
          frames,
          bytes);
    } catch (Throwable t) { // as above
      note("what was dropped", t);
    }
  }

  private void note(String what, Throwable failure) {
    try {
      LOG.warn("{}: could not log {}", name, what, failure);
    } catch (Throwable t) {
      // there is nobody left to tell
    }
  }

  private void log(PoolEvent event) {
    if (event instanceof PoolEvent.EndpointDown down) {
      LOG.warn("{}: {} is down: {}", name, down.endpoint(), shown(down.cause()));
    } else if (event instanceof PoolEvent.EndpointUp up) {
      LOG.info("{}: {} is up again after {}", name, up.endpoint(), shown(up.downFor()));
    } else if (event instanceof PoolEvent.EndpointJoined joined) {
      LOG.info("{}: {} joined: {}", name, joined.endpoint(), joined.reason());
    } else if (event instanceof PoolEvent.EndpointLeft left) {
      LOG.info("{}: {} left: {}", name, left.endpoint(), left.reason());
    } else if (event instanceof PoolEvent.EndpointsRefreshed refreshed) {
      logRefresh(refreshed);
    } else if (event instanceof PoolEvent.HealthChanged changed) {
      logHealth(changed);
    } else if (event instanceof PoolEvent.LeaseLeaked leak) {
      logLeak(leak);
    } else if (event instanceof PoolEvent.ConnectionClosed closed) {
      logClose(closed);
    } else if (event instanceof PoolEvent.PoolClosed closed) {
      LOG.info("{}: closed: {}", name, closed.report());
    } else if (event instanceof PoolEvent.OptionsUpdated) {
      LOG.info("{}: options updated", name);
    } else if (event instanceof PoolEvent.MessageResent resent) {
      LOG.debug(
          "{}: attempt {} after {}: {}",
          name,
          resent.attempt(),
          resent.endpoint(),
          shown(resent.cause()));
    } else if (event instanceof PoolEvent.HealthCheckFailed failed) {
      LOG.debug(
          "{}: check of {} failed, {} in a row: {}",
          name,
          failed.endpoint(),
          failed.inRow(),
          shown(failed.cause()));
    } else if (event instanceof PoolEvent.DialFailed failed) {
      LOG.debug(
          "{}: dial to {} failed, {} in a row, next in {}: {}",
          name,
          failed.endpoint(),
          failed.failuresInRow(),
          shown(failed.backoff()),
          shown(failed.cause()));
    } else {
      LOG.debug("{}: {}", name, event);
    }
  }

  private void logRefresh(PoolEvent.EndpointsRefreshed refreshed) {
    Throwable failure = refreshed.failure();
    if (failure == null) {
      LOG.debug("{}: {} endpoints found: {}", name, refreshed.found(), refreshed.reason());
    } else {
      LOG.warn(
          "{}: looking for endpoints failed, so they stay as they were: {}", name, shown(failure));
    }
  }

  /** Down and up are told by events of their own. */
  private void logHealth(PoolEvent.HealthChanged changed) {
    String format = "{}: {} is {} after {}: {}";
    Object[] facts = {
      name, changed.endpoint(), changed.to(), changed.from(), shown(changed.reason())
    };
    if (isBad(changed.to())) {
      LOG.warn(format, facts);
    } else if (isBad(changed.from())) {
      LOG.info(format, facts);
    } else {
      LOG.debug(format, facts);
    }
  }

  private static boolean isBad(EndpointHealth health) {
    return health == EndpointHealth.EJECTED || health == EndpointHealth.FAILING;
  }

  private void logLeak(PoolEvent.LeaseLeaked leak) {
    LOG.warn(
        "{}: connection {} to {} was leased {} ago and {}{}",
        name,
        leak.connectionId(),
        leak.endpoint(),
        shown(leak.heldFor()),
        leak.collected()
            ? "its socket was lost without being closed; taken back"
            : "has not been given back",
        leak.leasedAt() == null ? " (set leakThreshold to learn by whom)" : "",
        leak.leasedAt());
  }

  private void logClose(PoolEvent.ConnectionClosed closed) {
    if (closed.reason() == CloseReason.INBOUND_FULL && inboundFullTold.compareAndSet(false, true)) {
      LOG.warn(
          "{}: connection {} to {} closed: the peer sends and nobody receives; call receive() or set"
              + " ignoreInbound(true)",
          name,
          closed.connectionId(),
          closed.endpoint());
      return;
    }
    boolean bad =
        closed.reason() == CloseReason.BAD_FRAME || closed.reason() == CloseReason.OWNER_FAILED;
    String format = "{}: connection {} to {} closed after {} and {} messages: {}";
    Object[] figures = {
      name,
      closed.connectionId(),
      closed.endpoint(),
      shown(closed.age()),
      closed.messages(),
      closed.reason()
    };
    if (bad) {
      LOG.warn(format, figures);
    } else {
      LOG.debug(format, figures);
    }
  }

  private static String shown(Duration time) {
    return String.format(Locale.ROOT, "%.3f s", time.toNanos() / 1e9);
  }

  /** The failure as text that cannot forge log lines. */
  private static String shown(Throwable t) {
    return shown(t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage());
  }

  private static String shown(String message) {
    String cut =
        message.length() > SHOWN_CHARS ? message.substring(0, SHOWN_CHARS) + "..." : message;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
