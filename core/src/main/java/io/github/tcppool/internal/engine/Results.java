package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.internal.net.NoDescriptorException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
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
  private void succeeded(Lane lane, long startedNanos) {
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      dials.health().callSucceeded(lane, startedNanos, after);
      dials.planLocked(null, after);
    } finally {
      ledger.lock.unlock();
    }
    perform(after);
  }

  /** A call got what it wanted; for its owner, before the connection is returned or discarded. */
  public void worked(C connection) {
    if (connection.lane().health.isSuspect()) {
      succeeded(connection.lane(), connection.claimedNanos());
    }
  }

  /**
   * Closes a connection on which a call has failed. The endpoint is {@linkplain #blame blamed} for
   * it; and if the peer ended the connection before it was of any use, that is one more dial that
   * failed, so the next ones keep their pace.
   *
   * @param replyDue whether the peer owed an answer: one that ends the connection after a mere
   *     message may have taken it
   */
  public void failed(C connection, CloseReason reason, IOException cause, boolean replyDue) {
    blame(connection, cause);
    boolean useless =
        isEndByPeer(cause)
            && !connection.isProven()
            && connection.messages() == 1
            && connection.bytesRead() == 0
            && (replyDue || connection.bytesWritten() == 0);
    if (!useless || connection.refusal() != null) {
      closings.discard(connection, reason);
    } else if (connection.markClosed()) {
      boolean unused = closings.closeMarked(connection, reason, cause, false);
    }
  }

  /** The same for a message that nothing is to come back for. */
  public void failed(C connection, CloseReason reason, IOException cause) {
    failed(connection, reason, cause, false);
  }

  private static boolean isEndByPeer(IOException cause) {
    return (cause instanceof SocketException || cause instanceof EOFException)
        && !isOfThisMachine(cause);
  }

  private static boolean isOfThisMachine(IOException cause) {
    return cause instanceof NoDescriptorException || cause instanceof LocalFaultException;
  }

  /**
   * Holds a call that has failed against the endpoint, unless an interrupt or want of something of
   * this machine was the cause. The connection is to be discarded.
   */
  private void blame(C connection, IOException cause) {
    blame(connection.lane(), cause, connection.claimedNanos());
  }

  /** The same, for what began on a connection of this lane at the given moment. */
  void blame(Lane lane, IOException cause, long startedNanos) {
    boolean interrupt =
        cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException);
    if (!interrupt && !isOfThisMachine(cause) && !ledger.isClosed()) {
      Effects after = new Effects();
      ledger.lock.lock();
      try {
        dials.health().callFailed(lane, cause, startedNanos, after);
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
    if (!after.linedUp.isEmpty()) {
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
