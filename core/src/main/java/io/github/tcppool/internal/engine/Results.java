package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
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
  void succeeded(Lane lane) {
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

  /**
   * Closes a connection on which a call has failed. That is held against the endpoint, unless an
   * interrupt was the cause.
   */
  public void failed(C connection, CloseReason reason, IOException cause) {
    boolean interrupt =
        cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException);
    if (!interrupt && !ledger.isClosed()) {
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
    closings.discard(connection, reason);
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
