package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.internal.net.NoDescriptorException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.function.LongSupplier;

/**
 * What comes of calls, and what that says of their endpoints.
 *
 * @param <C> the kind of connection
 */
public final class Results<C extends Pooled> {

  private final Ledger ledger;
  private final Dials<C> dials;
  private final Closings<C> closings;
  private final LongSupplier clock;

  Results(Ledger ledger, Dials<C> dials, Closings<C> closings, LongSupplier clock) {
    this.ledger = ledger;
    this.dials = dials;
    this.closings = closings;
    this.clock = clock;
  }

  /** Notes how long an exchange took, of which the reply has just been read; for the owner. */
  public void answered(C connection, long tookNanos, long now) {
    connection.answered(tookNanos);
    connection.lane().roundTrips.observe(tookNanos, now);
  }

  /** Notes how long an exchange waited for a reply that did not come. */
  public void unanswered(C connection, long waitedNanos, long now) {
    connection.lane().roundTrips.unanswered(waitedNanos, now);
  }

  /** A call worked on a lane that was under suspicion. */
  private void succeeded(Lane lane) {
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      dials.health().callSucceeded(lane, after);
      dials.planLocked(null, after);
    } finally {
      ledger.lock.unlock();
    }
    perform(after);
  }

  /** A call got what it wanted; for its owner, before the connection is returned or discarded. */
  public void worked(C connection) {
    if (connection.lane().health.isSuspect()) {
      succeeded(connection.lane());
    }
  }

  /** Closes a connection on which a call has failed, which is {@linkplain #blame blamed} on it. */
  public void failed(C connection, CloseReason reason, IOException cause) {
    blame(connection, cause);
    closings.discard(connection, reason);
  }

  /**
   * Holds a call that has failed against the endpoint, unless an interrupt or want of something of
   * this machine was the cause. The connection is to be discarded.
   */
  public void blame(C connection, IOException cause) {
    boolean interrupt =
        cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException);
    boolean local = cause instanceof NoDescriptorException || cause instanceof LocalFaultException;
    if (!interrupt && !local && !ledger.isClosed()) {
      Effects after = new Effects();
      ledger.lock.lock();
      try {
        dials.health().callFailed(connection.lane(), cause, connection.claimedNanos(), after);
        dials.planIfWiderLocked(after);
      } finally {
        ledger.lock.unlock();
      }
      perform(after);
    }
  }

  /** The end of a state that has just begun may be due before housekeeping would look. */
  private void perform(Effects after) {
    closings.perform(after);
    if (!after.events.isEmpty()) {
      dials.ring();
    }
  }

  /** Whether a call may be repeated of which bytes were written in vain; counts it if so. */
  public boolean mayRepeat() {
    ledger.lock.lock();
    try {
      return ledger
          .tally()
          .mayRepeat(
              clock.getAsLong(), ledger.book().messages(), ledger.options().retry().budget());
    } finally {
      ledger.lock.unlock();
    }
  }
}
