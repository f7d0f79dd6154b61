package io.github.tcppool.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reading half of a peer's connection: counts, frames, pauses, speed, and the points at which a
 * behaviour gives way to another.
 *
 * <p>All fields are guarded by the wire's lock, but for the volatile ones, which only the reading
 * thread writes. Bytes count as received when the behaviour gets them: those behind a limit stay
 * unread, as far as the test can see.
 */
final class Intake {
  private static final int BUFFER_BYTES = 8 << 10;
  private static final int KEPT_BYTES = 64 << 10;

  /** A point in the stream at which a behaviour ends; compared by identity. */
  static final class Limit {
    private final long bytesAt;
    private final long framesAt;

    private Limit(long bytesAt, long framesAt) {
      this.bytesAt = bytesAt;
      this.framesAt = framesAt;
    }
  }

  private final Wire wire;
  private final Ledger ledger;
  private final FrameLog log;
  private final List<Limit> limits = new ArrayList<>();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private Pace pace = Pace.UNLIMITED;
  private long nextReadNanos = System.nanoTime();
  private boolean paused;
  private @Nullable Behaviour successor;
  private @Nullable Thread owner;
  private volatile long received;
  private volatile boolean sawEnd;

  Intake(Wire wire, Ledger ledger, boolean paused) {
    this.wire = wire;
    this.ledger = ledger;
    this.log = new FrameLog(ledger);
    this.paused = paused;
  }

  /** Says that the calling thread runs the behaviour: the one to be led away by a switch. */
  void own() {
    locked(() -> owner = Thread.currentThread());
  }

  /** Waits for bytes and takes at most {@code max}, or up to a frame's end; null at the end. */
  byte @Nullable [] read(int max, boolean oneFrame) throws IOException, InterruptedException {
    wire.lock.lock();
    try {
      for (; ; ) {
        checkSwitch();
        checkLimits();
        long now = System.nanoTime();
        if (paused) {
          wire.awaitChange(Long.MAX_VALUE);
        } else if (nextReadNanos - now > 0) {
          wire.awaitChange(nextReadNanos);
        } else if (fill()) {
          return take(max, oneFrame);
        } else if (sawEnd) {
          return null;
        } else {
          wire.awaitReadable(Long.MAX_VALUE);
        }
      }
    } finally {
      wire.lock.unlock();
      ledger.tally.changed();
    }
  }

  private void checkSwitch() throws IOException {
    if (!wire.isOpen()) {
      throw new ClosedChannelException();
    }
    if (successor != null && Thread.currentThread() == owner) {
      throw new Detour(this);
    }
  }

  private void checkLimits() {
    for (Limit limit : limits) {
      if (received >= limit.bytesAt || log.count() >= limit.framesAt) {
        throw new Detour(limit);
      }
    }
  }

  private boolean fill() throws IOException {
    if (!buffer.hasRemaining() && !sawEnd) {
      buffer.clear();
      int read;
      try {
        read = wire.tryRead(buffer);
      } finally {
        buffer.flip();
      }
      sawEnd = read < 0;
    }
    return buffer.hasRemaining();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private byte[] take(int max, boolean oneFrame) {
    long bytesLeft = Math.min(Math.min(max, pace.bytes()), buffer.remaining());
    long framesLeft = oneFrame ? 1 : Long.MAX_VALUE;
    for (Limit limit : limits) {
      bytesLeft = Math.min(bytesLeft, limit.bytesAt - received);
      framesLeft = Math.min(framesLeft, limit.framesAt - log.count());
    }
    int from = buffer.position();
    int end = log.take(buffer.array(), from, from + (int) bytesLeft, framesLeft);
    byte[] bytes = new byte[end - from];
    buffer.get(bytes);
    kept.write(bytes, 0, Math.min(bytes.length, KEPT_BYTES - kept.size()));
    received += bytes.length;
    ledger.bytes.addAndGet(bytes.length);
    nextReadNanos = System.nanoTime() + pace.gapNanos();
    return bytes;
  }

  /** Waits, unless the connection ends or another behaviour is wanted. */
  void delay(long nanos) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + nanos;
    wire.lock.lock();
    try {
      for (; ; ) {
        checkSwitch();
        if (deadline - System.nanoTime() <= 0) {
          return;
        }
        wire.awaitChange(deadline);
      }
    } finally {
      wire.lock.unlock();
    }
  }

  Limit limitBytes(long more) {
    return addLimit(new Limit(received + more, Long.MAX_VALUE));
  }

  Limit limitFrames(long more) {
    return addLimit(new Limit(Long.MAX_VALUE, log.count() + more));
  }

  private Limit addLimit(Limit limit) {
    locked(() -> limits.add(limit));
    return limit;
  }

  void lift(Limit limit) {
    locked(() -> limits.remove(limit));
  }

  /** Sets the reading speed and returns the one it replaces. */
  Pace pace(Pace next) {
    wire.lock.lock();
    try {
      Pace previous = pace;
      pace = next;
      nextReadNanos = System.nanoTime() + next.gapNanos();
      return previous;
    } finally {
      wire.lock.unlock();
    }
  }

  void pause(boolean wanted) {
    locked(() -> paused = wanted);
  }

  void behave(Behaviour next) {
    locked(() -> successor = next);
  }

  /** The behaviour asked for since the last call, if any. */
  @Nullable Behaviour successor() {
    wire.lock.lock();
    try {
      Behaviour next = successor;
      successor = null;
      return next;
    } finally {
      wire.lock.unlock();
    }
  }

  byte[] received() {
    wire.lock.lock();
    try {
      return kept.toByteArray();
    } finally {
      wire.lock.unlock();
    }
  }

  long receivedBytes() {
    return received;
  }

  boolean sawEnd() {
    return sawEnd;
  }

  FrameLog log() {
    return log;
  }

  private void locked(Runnable change) {
    wire.lock.lock();
    try {
      change.run();
      wire.wake();
    } finally {
      wire.lock.unlock();
    }
  }
}
