package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A connection as the engine sees it: one word that says who owns it.
 *
 * <p>The word has two owner bits, because a connection has two halves. A caller who exchanges owns
 * both; in a pool whose inbound frames are received, a sender owns the writing half while the
 * receiver may own the reading half.
 *
 * <pre>
 * bits                 meaning                           leaves it by
 * 0                    idle, anyone may claim it         claim, claimWrite, claimRead, retire
 * WRITE | READ         owned by one caller               release, dropRead, discard
 * WRITE                owned by one sender               claimRead (receiver), release, discard
 * READ                 being read by the receiver        claimWrite (sender), dropRead
 * ... | RETIRING       to be closed when it is free;     the last release or dropRead: takes CLOSED
 *                      no new claims
 * ... | CLOSED         one thread closes it, for ever    never
 * </pre>
 *
 * <p>{@code CLOSED} is set exactly once, and only whoever set it may close the connection and take
 * it from its lane. A new connection starts as owned, so that it can be put into the lane before it
 * is handed to a waiter or made idle.
 */
public abstract class Pooled {

  private static final int WRITE = 1;
  private static final int READ = 2;
  private static final int OWNED = WRITE | READ;
  private static final int RETIRING = 4;
  private static final int CLOSED = 8;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Pooled.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile int state = OWNED;

  /** Why it is retiring. Written before RETIRING is set, read after it was seen. */
  private volatile CloseReason retireReason = CloseReason.EVICTED;

  // Set once, under the engine's lock, before the connection is seen by anyone else.
  private @Nullable Lane lane;
  private long id;
  private long openedNanos;
  private long expiresNanos;

  /**
   * Its place in the lane's array. Guarded by the engine's lock for writing; read as a hint without
   * it.
   */
  int slot;

  /** When it was last released. Written by its owner before the release that publishes it. */
  private long usedNanos;

  /** When it last had a heartbeat. Written by its owner. */
  private long askedNanos;

  /** Whether the peer has shown that it is more than an open port. Written by owners only. */
  private volatile boolean proven;

  /** Answers to exchanges, and how long they took in all. Written by its owner. */
  private long answers;

  private long answerNanos;

  /** Turns of the rotation that it has had. Written by its owner; others read it as a hint. */
  private long turns;

  /** Notes an answer; for its owner. */
  final void answered(long tookNanos) {
    answers++;
    answerNanos += tookNanos;
  }

  final long answers() {
    return answers;
  }

  final long answerNanos() {
    return answerNanos;
  }

  final long turns() {
    return turns;
  }

  final void turns(long had) {
    turns = had;
  }

  /** Puts the connection into its lane. */
  final void place(Lane home, long number, long now, long expires) {
    lane = home;
    id = number;
    openedNanos = now;
    expiresNanos = expires;
    usedNanos = now;
    askedNanos = now;
  }

  final Lane lane() {
    Lane home = lane;
    if (home == null) {
      throw new IllegalStateException("connection is not in a pool");
    }
    return home;
  }

  /** The number of this connection, unique in its pool. */
  public final long id() {
    return id;
  }

  /** When it was made. */
  public final long openedNanos() {
    return openedNanos;
  }

  /** When it reaches its lifetime, or {@code Long.MAX_VALUE}. */
  final long expiresNanos() {
    return expiresNanos;
  }

  /** When it was last given back. */
  public final long usedNanos() {
    return usedNanos;
  }

  final void used(long now) {
    usedNanos = now;
  }

  final long askedNanos() {
    return askedNanos;
  }

  final void askedNanos(long now) {
    askedNanos = now;
  }

  /** Whether the peer has answered, or held the connection for a while. */
  public final boolean isProven() {
    return proven;
  }

  final void setProven() {
    proven = true;
  }

  // ---- transitions of the word ----

  /** Idle to owned. */
  final boolean claim() {
    return state == 0 && STATE.compareAndSet(this, 0, OWNED);
  }

  /** Takes the writing half, whoever reads. */
  final boolean claimWrite() {
    return takeHalf(WRITE);
  }

  /** Idle to owned, or the writing half only. */
  final boolean claim(boolean full) {
    return full ? claim() : claimWrite();
  }

  /** Takes the reading half, whoever writes. */
  public final boolean claimRead() {
    return takeHalf(READ);
  }

  private boolean takeHalf(int half) {
    while (true) {
      int seen = state;
      if ((seen & (half | RETIRING | CLOSED)) != 0) {
        return false;
      }
      if (STATE.compareAndSet(this, seen, seen | half)) {
        return true;
      }
    }
  }

  /**
   * Gives the reading half back and keeps the writing half, if it had that. True if the caller must
   * now close it.
   */
  public final boolean dropReadHalf() {
    return drop(READ);
  }

  /**
   * Gives back the writing half, and the reading half with it where {@code full}. True if the
   * caller must now close it.
   */
  final boolean release(boolean full) {
    return drop(full ? OWNED : WRITE);
  }

  private boolean drop(int halves) {
    while (true) {
      int seen = state;
      int left = seen & ~halves;
      boolean last = left == RETIRING;
      if (STATE.compareAndSet(this, seen, last ? RETIRING | CLOSED : left)) {
        return last;
      }
    }
  }

  /** Lets no new claim in. True if it was free and the caller must now close it. */
  final boolean retire(CloseReason reason) {
    while (true) {
      int seen = state;
      if ((seen & (RETIRING | CLOSED)) != 0) {
        return false;
      }
      retireReason = reason;
      boolean free = seen == 0;
      if (STATE.compareAndSet(this, seen, free ? RETIRING | CLOSED : seen | RETIRING)) {
        return free;
      }
    }
  }

  /** Marks it closed, whoever owns it. True for the one caller who did. */
  final boolean markClosed() {
    return ((int) STATE.getAndBitwiseOr(this, CLOSED) & CLOSED) == 0;
  }

  final boolean isIdle() {
    return state == 0;
  }

  final boolean isRetiring() {
    return (state & RETIRING) != 0;
  }

  /** Whether somebody has marked it closed. */
  public final boolean isMarkedClosed() {
    return (state & CLOSED) != 0;
  }

  final CloseReason retireReason() {
    return retireReason;
  }

  // ---- what the engine asks of it ----

  /**
   * Looks whether the connection may serve a caller who has just claimed it; must return at once.
   *
   * @param use what it was claimed for
   * @return why it must be closed instead, or null if it is fit
   */
  public abstract @Nullable CloseReason unfit(long now, Use use);

  /** Told when it has just become free for claims; anybody may own it by now. */
  public abstract void freed();

  /** Lets go of what an idle connection does not need, while the engine owns it for a moment. */
  public abstract void relax(long now);

  /** Whether what its peer sends next can only be the answer to a heartbeat. */
  public abstract boolean mayBeAsked();

  /** Looks after a leased connection now and then. Called by housekeeping, without owning it. */
  public abstract void watch(long now);

  /** Bytes of its owner's message that the kernel has not taken yet; any thread may ask. */
  public abstract long pendingBytes();

  /** When it was claimed by who owns it, or owned it last. */
  public abstract long claimedNanos();

  /** Messages and leases served. */
  public abstract long messages();

  /** Bytes the kernel took. */
  public abstract long bytesWritten();

  /** Bytes read. */
  public abstract long bytesRead();

  /**
   * What the endpoint said instead of ever taking this connection for its own, or null: a server
   * that is not content with a client's certificate may say so only after the handshake.
   */
  public @Nullable IOException refusal() {
    return null;
  }
}
