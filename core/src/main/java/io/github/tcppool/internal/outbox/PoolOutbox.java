package io.github.tcppool.internal.outbox;

import io.github.tcppool.FailureDetails;
import io.github.tcppool.Outbox;
import io.github.tcppool.OutboxFullException;
import io.github.tcppool.OutboxOptions;
import io.github.tcppool.OutboxSnapshot;
import io.github.tcppool.Overflow;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.internal.outbox.MessageRing.Room;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Who has the turn to drain, and when.
 *
 * <pre>
 * state      meaning                                       leaves it by
 * IDLE       nobody drains, nothing published waits        whoever publishes: DRAINING
 * DRAINING   one thread has the turn                       that thread: IDLE, then one more look
 * ENDED      closed, nothing will be sent                  never
 * </pre>
 *
 * <p>The reasons stand in docs/design/outbox.md.
 *
 * @param <C> the kind of connection
 */
public final class PoolOutbox<C> implements Outbox {

  private static final int IDLE = 0;
  private static final int DRAINING = 1;
  private static final int ENDED = 2;

  /**
   * An outbox that sent nothing for this long is idle: sending in the caller's thread then takes a
   * tenth of the time that it takes to wake another one.
   */
  private static final long QUIET_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  /** What an end may take beyond the time given. */
  private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final String name;
  private final OutboxOptions options;
  private final Framing framing;
  private final Carrier<C> carrier;
  private final MessageRing ring;
  private final Books books;
  private final Losses losses;
  private final Drain<C> drain;
  private final Writer writer;
  private final LongSupplier clock;
  private final Consumer<Outbox> onClose;
  private final boolean timed;
  private final long lingerNanos;

  private final AtomicInteger state = new AtomicInteger(IDLE);

  /** When the last turn ended. Of whoever has the turn. */
  private volatile long quietSinceNanos;

  /** Asks whoever has the turn to end the outbox. Set once. */
  private volatile boolean ending;

  /** What could not be sent. Written by whoever ends the outbox, before the end is told. */
  private volatile List<byte[]> unsent = List.of();

  /** An outbox without a thread; it starts one when it needs it. */
  public PoolOutbox(
      String poolName,
      OutboxOptions options,
      Framing framing,
      Carrier<C> carrier,
      LongSupplier clock,
      Consumer<Outbox> onClose) {
    this.options = options;
    this.framing = framing;
    this.carrier = carrier;
    this.clock = clock;
    this.onClose = onClose;
    name = poolName + "-" + options.name();
    timed = !options.maxAge().isZero();
    lingerNanos = options.linger().toNanos();
    ring = new MessageRing(options.maxMessages(), options.maxBytes(), timed);
    books = new Books(ring);
    losses = new Losses(name, options.listener());
    drain = new Drain<>(name, options, framing, carrier, books, losses, clock);
    writer = new Writer(name, this::drainAll);
    quietSinceNanos = clock.getAsLong() - QUIET_NANOS;
  }

  // ---- offering ----

  @Override
  public boolean offer(byte[] message) {
    Objects.requireNonNull(message, "message must not be null");
    check(message);
    Room room = books.isAnyoneBlocked() ? Room.FULL : ring.reserve(message.length);
    if (room != Room.GIVEN && !overflow(message, room)) {
      return false;
    }
    ring.publish(message, timed ? clock.getAsLong() : 0);
    published();
    return true;
  }

  private void check(byte[] message) {
    if (message.length == 0) {
      throw new IllegalArgumentException("message must have at least 1 byte, but had 0");
    }
    if (message.length > options.maxBytes()) {
      throw new IllegalArgumentException(
          "message must fit into the outbox's "
              + options.maxBytes()
              + " bytes, but had "
              + message.length);
    }
    framing.check(message, 0, message.length);
  }

  /** Sees to a message for which there is no room. True if there is room now. */
  private boolean overflow(byte[] message, Room found) {
    Room room = found;
    Overflow policy = options.overflow();
    if (room == Room.FULL && policy.kind() == Overflow.Kind.BLOCK) {
      room = books.awaitRoom(message.length, policy.patience().toNanos());
    }
    while (room == Room.FULL && policy.kind() == Overflow.Kind.DROP_OLDEST) {
      byte[] oldest = books.dropOldest();
      if (oldest == null) {
        break;
      }
      losses.tell(oldest, full());
      room = ring.reserve(message.length);
    }
    if (room == Room.GIVEN) {
      return true;
    }
    boolean drops =
        policy.kind() == Overflow.Kind.DROP_OLDEST || policy.kind() == Overflow.Kind.DROP_NEWEST;
    if (room == Room.FULL && drops) {
      books.countDroppedNewest();
      losses.tell(message, full());
    } else {
      books.countRefused();
    }
    return false;
  }

  private OutboxFullException full() {
    return new OutboxFullException(
        name
            + ": no room within "
            + options.maxMessages()
            + " messages and "
            + options.maxBytes()
            + " bytes");
  }

  // ---- the turn ----

  /** A message was published: somebody must see to it. */
  private void published() {
    int seen = state.get();
    if (seen == IDLE && state.compareAndSet(IDLE, DRAINING)) {
      if (lingerNanos == 0 && clock.getAsLong() - quietSinceNanos >= QUIET_NANOS) {
        drainOnce();
      } else {
        passTurn();
      }
    } else if (seen == ENDED) {
      failLate();
    } else if (books.isLingering() && ring.bytes() >= options.batchBytes()) {
      books.hurry();
    }
  }

  /** One step without waiting, in the thread of a caller. */
  private void drainOnce() {
    Drain.Step step = Drain.Step.BLOCKED;
    try {
      step = drain.step(false);
    } catch (Throwable t) { // the turn must go on, and the caller too: its message is in line
      losses.troubled("sending", t);
    }
    if (step == Drain.Step.BLOCKED || !drain.isEmpty() || !letGo()) {
      passTurn();
    }
  }

  private void passTurn() {
    if (!writer.run()) {
      state.set(IDLE); // no thread to be had: the next offer tries again
    }
  }

  /** Everything there is, waiting where need be, in the thread of the writer. */
  private void drainAll() {
    do {
      Drain.Step step = Drain.Step.MORE;
      while (step != Drain.Step.EMPTY) {
        if (ending || drain.isPoolClosed()) {
          finish();
          return;
        }
        if (lingerNanos > 0) {
          books.linger(lingerNanos, options.batchBytes());
        }
        step = stepOn();
      }
    } while (!letGo());
  }

  private Drain.Step stepOn() {
    try {
      return drain.step(true);
    } catch (Throwable t) { // the turn must go on, whatever it was
      losses.troubled("sending", t);
      drain.pause();
      return Drain.Step.MORE;
    }
  }

  /** Ends the turn. False if there is something to do, and the turn is this thread's again. */
  private boolean letGo() {
    quietSinceNanos = clock.getAsLong();
    state.set(IDLE);
    return !((ending || books.hasNext()) && state.compareAndSet(IDLE, DRAINING));
  }

  // ---- figures ----

  @Override
  public boolean flush(Duration timeout) {
    try {
      return books.awaitSettled(ring.tail(), nanos(timeout));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static long nanos(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout must not be negative, but was " + timeout);
    }
    return timeout.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE : timeout.toNanos();
  }

  @Override
  public OutboxSnapshot snapshot() {
    return books.snapshot(options.name());
  }

  // ---- the end ----

  @Override
  public void close() {
    closeWithin(carrier.options().closeTimeout());
  }

  /** Closes; what could not be sent goes to the listener. */
  public void closeWithin(Duration timeout) {
    List<byte[]> left = close(timeout);
    for (byte[] message : left) {
      losses.tell(message, closed());
    }
    if (!left.isEmpty()) {
      losses.log("closed with {} messages unsent", left.size());
    }
  }

  private PoolClosedException closed() {
    return new PoolClosedException(
        name + ": closed before the message was sent", FailureDetails.NOTHING_SENT, null);
  }

  @Override
  public List<byte[]> close(Duration timeout) {
    long nanos = nanos(timeout);
    if (!ring.close()) {
      return List.of();
    }
    boolean interrupted = false;
    books.closed();
    try {
      boolean unused = books.awaitSettled(ring.tail(), nanos);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    ending = true;
    if (state.compareAndSet(IDLE, DRAINING)) {
      finish();
    } else {
      writer.interrupt();
      interrupted |= !awaitEnd();
    }
    onClose.accept(this);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    List<byte[]> left = unsent;
    unsent = List.of();
    return left;
  }

  /** False if interrupted. */
  private boolean awaitEnd() {
    try {
      if (!books.awaitEnd(GRACE_NANOS)) {
        losses.log("close returned while {} messages were being given up", ring.messages());
      }
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Ends the outbox; by whoever has the turn. */
  private void finish() {
    boolean byPool = ring.close(); // false: by the user, who gets the rest
    List<byte[]> left = drain.abandon();
    unsent = byPool ? List.of() : left;
    state.set(ENDED);
    books.end();
    writer.end();
    if (byPool) {
      left.forEach(message -> losses.tell(message, closed()));
      onClose.accept(this);
    }
    failLate();
  }

  /** Messages that were offered while the outbox ended, and came too late to be handed back. */
  private void failLate() {
    for (byte[] late = books.failNext(); late != null; late = books.failNext()) {
      losses.tell(late, closed());
    }
  }

  @Override
  public String toString() {
    return "Outbox[" + name + ", " + snapshot() + "]";
  }
}
