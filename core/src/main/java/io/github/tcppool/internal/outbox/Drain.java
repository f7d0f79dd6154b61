package io.github.tcppool.internal.outbox;

import io.github.tcppool.Backoff;
import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.CloseReason;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.Endpoint;
import io.github.tcppool.FailureDetails;
import io.github.tcppool.OutboxOptions;
import io.github.tcppool.Outcome;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.PoolExhaustedException;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.SendFailedException;
import io.github.tcppool.framing.Framing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gets messages out of the queue and onto connections, a batch at a time; for whoever has the turn.
 *
 * @param <C> the kind of connection
 */
final class Drain<C> {

  /** What came of one step. */
  enum Step {
    /** A batch is gone, one way or another. */
    MORE,
    /** Nothing is queued. */
    EMPTY,
    /** It must wait, for a connection or for the kernel, and may not. */
    BLOCKED
  }

  private final String name;
  private final OutboxOptions options;
  private final Framing framing;
  private final Carrier<C> carrier;
  private final Books books;
  private final Losses losses;
  private final LongSupplier clock;
  private final Batch batch;
  private final long maxAgeNanos;

  /** The connection of the batch that is being written; it may be so for several steps. */
  private @Nullable C connection;

  private long writtenBefore;

  /** How often the oldest message was torn. */
  private int torn;

  /** How often in a row the pool had no place in its line. */
  private int turnedAway;

  private volatile boolean poolClosed;

  Drain(
      String name,
      OutboxOptions options,
      Framing framing,
      Carrier<C> carrier,
      Books books,
      Losses losses,
      LongSupplier clock) {
    this.name = name;
    this.options = options;
    this.framing = framing;
    this.carrier = carrier;
    this.books = books;
    this.losses = losses;
    this.clock = clock;
    batch = new Batch(framing, options.batchBytes());
    maxAgeNanos = options.maxAge().toNanos();
  }

  /** Whether the pool has turned it away for good. */
  boolean isPoolClosed() {
    return poolClosed;
  }

  /** Whether nothing that was taken out is left to send. */
  boolean isEmpty() {
    return batch.isEmpty();
  }

  /** Sends one batch, or what of it goes without waiting. */
  Step step(boolean mayWait) {
    C mine = connection;
    if (mine == null) {
      if (batch.isEmpty()) {
        batch.refill(books);
      }
      failExpired();
      if (batch.isEmpty()) {
        return Step.EMPTY;
      }
      mine = mayWait ? await() : carrier.tryTake();
      if (mine == null) {
        return mayWait ? Step.MORE : Step.BLOCKED;
      }
      if (!begin(mine)) {
        return Step.MORE;
      }
    }
    return write(mine, mayWait);
  }

  /** Fills the buffer for a connection. False if the framing refuses the oldest message. */
  private boolean begin(C mine) {
    try {
      batch.encode();
    } catch (RuntimeException | Error e) { // a user's framing
      carrier.giveBack(mine, 0);
      fail(failure("framing a message failed: " + e, Outcome.NOT_SENT, 0, null, e));
      return false;
    }
    connection = mine;
    writtenBefore = carrier.written(mine);
    return true;
  }

  private Step write(C mine, boolean mayWait) {
    int whole = Math.max(1, batch.encoded());
    try {
      if (batch.encoded() == 0) { // too large for the buffer
        if (!mayWait) {
          return Step.BLOCKED;
        }
        carrier.write(mine, batch.oldest());
      } else if (!carrier.write(mine, batch.frames(), mayWait)) {
        return Step.BLOCKED;
      }
    } catch (IOException e) {
      broken(mine, e);
      return Step.MORE;
    } catch (RuntimeException | Error e) { // a user's framing, with a large message
      refused(mine, e);
      return Step.MORE;
    }
    connection = null;
    carrier.giveBack(mine, whole);
    sent(whole);
    return Step.MORE;
  }

  private void sent(int messages) {
    if (messages > 0) {
      books.countSent(messages, batch.remove(messages));
      torn = 0;
    }
  }

  // ---- waiting for a connection ----

  private @Nullable C await() {
    PoolOptions pool = carrier.options();
    long deadline = clock.getAsLong() + pool.callTimeout().toNanos();
    if (maxAgeNanos > 0) {
      long expiry = batch.oldestTime() + maxAgeNanos;
      deadline = expiry - deadline < 0 ? expiry : deadline;
    }
    try {
      C taken = carrier.take(deadline);
      turnedAway = 0;
      return taken;
    } catch (PoolClosedException e) {
      poolClosed = true;
    } catch (PoolExhaustedException e) {
      pause(); // others stand in line, and this took no time of its own
    } catch (ConnectFailedException e) {
      pauseIfFailedFast();
    } catch (CallInterruptedException e) {
      boolean unused = Thread.interrupted(); // the outbox ends, which this thread sees next
    } catch (IOException e) {
      // an outage: what is not written yet is kept
    } catch (RuntimeException | Error e) { // a user's balancer
      losses.troubled("choosing an endpoint", e);
      pause();
    }
    return null;
  }

  /** An outage that the pool does not wait for; what is not written yet is kept. */
  private void pauseIfFailedFast() {
    if (carrier.options().health().failFast()) {
      pause();
    }
  }

  /** Waits before the next attempt where a failure took no time of its own. */
  void pause() {
    turnedAway = Math.min(turnedAway, 1 << 20) + 1;
    Backoff backoff = carrier.options().retry().backoff();
    LockSupport.parkNanos(this, backoff.delayNanos(turnedAway, ThreadLocalRandom.current()));
  }

  private void failExpired() {
    if (maxAgeNanos == 0) {
      return;
    }
    long now = clock.getAsLong();
    while (!batch.isEmpty() && now - batch.oldestTime() >= maxAgeNanos) {
      String why = name + ": the message was not sent within " + options.maxAge();
      fail(new CallTimeoutException(why, FailureDetails.NOTHING_SENT, null));
    }
  }

  // ---- what a failed write means ----

  private void broken(C mine, IOException e) {
    Endpoint endpoint = carrier.endpoint(mine);
    long cut = cutOff(mine);
    carrier.discard(mine, cut > 0, e);
    cut(cut, endpoint, e);
  }

  /** Counts what went out whole; how many bytes of the next message did. */
  private long cutOff(C mine) {
    long written = carrier.written(mine) - writtenBefore;
    int whole = batch.wholeWithin(written);
    long cut = written - batch.startOf(whole);
    connection = null;
    sent(whole);
    return cut;
  }

  private void cut(long bytes, Endpoint endpoint, IOException e) {
    if (bytes == 0) {
      return;
    }
    torn++;
    if (mayResend()) {
      books.countResent();
      return;
    }
    String what = "writing to " + endpoint + " failed: " + e.getMessage();
    fail(failure(what, Outcome.PARTIAL, bytes, endpoint, e));
  }

  /** The framing failed amid a message, and would again. */
  private void refused(C mine, Throwable e) {
    Endpoint endpoint = carrier.endpoint(mine);
    long cut = cutOff(mine);
    carrier.abandon(mine, cut > 0 ? CloseReason.TORN_MESSAGE : CloseReason.OWNER_FAILED);
    if (!batch.isEmpty()) {
      Outcome outcome = cut > 0 ? Outcome.PARTIAL : Outcome.NOT_SENT;
      fail(failure("framing a message failed: " + e, outcome, cut, endpoint, e));
    }
  }

  private boolean mayResend() {
    PoolOptions pool = carrier.options();
    boolean safe = options.isIdempotent() || (pool.resendTorn() && framing.revealsTruncation());
    return safe && torn < pool.retry().maxAttempts();
  }

  private SendFailedException failure(
      String what, Outcome outcome, long bytes, @Nullable Endpoint endpoint, Throwable cause) {
    return new SendFailedException(
        name + ": " + what, new FailureDetails(outcome, bytes, torn, endpoint), cause);
  }

  /** Gives the oldest message up; it counts as failed, and as flushed, when the listener knows. */
  private void fail(IOException cause) {
    losses.tell(batch.oldest(), cause);
    books.countFailed(1, batch.remove(1));
    torn = 0;
  }

  // ---- the end ----

  /** Lets go of the connection, and returns what was not sent, counted as failed. */
  List<byte[]> abandon() {
    C mine = connection;
    if (mine != null) {
      Endpoint endpoint = carrier.endpoint(mine);
      long cut = cutOff(mine);
      carrier.abandon(mine, cut > 0 ? CloseReason.TORN_MESSAGE : CloseReason.DISCARDED);
      cut(cut, endpoint, new IOException("outbox closed"));
    }
    List<byte[]> left = new ArrayList<>();
    do {
      while (!batch.isEmpty()) {
        left.add(batch.oldest());
        books.countFailed(1, batch.remove(1));
      }
      batch.refill(books);
    } while (!batch.isEmpty());
    return left;
  }
}
