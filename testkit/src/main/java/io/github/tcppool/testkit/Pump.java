package io.github.tcppool.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Carries the bytes of one connection in one direction, with whatever faults that direction has.
 *
 * <p>One thread reads, waits and writes; its state is its own. It decides under the source's lock,
 * which {@link #wake} takes too, so that no change of faults is missed between looking and waiting.
 * It writes outside that lock: a receiver that does not read stops the sender, as it would without
 * a proxy.
 */
final class Pump {
  private static final int CHUNK_BYTES = 16 << 10;
  private static final int QUEUED_BYTES = 1 << 20;

  /** Bytes on their way, or the FIN if there are none. */
  private record Parcel(ByteBuffer bytes, boolean last, long dueNanos) {}

  /** What a pump does next; the last three are ends. */
  enum Step {
    SEND,
    /** The source's FIN has been passed on; the other direction may go on. */
    FINISH,
    /** Both sides are to be closed. */
    CUT,
    /** Both sides are to be reset. */
    RESET
  }

  private final OneWay way;
  private final Wire from;
  private final Wire to;
  private final SplittableRandom random;
  private final ArrayDeque<Parcel> queue = new ArrayDeque<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
  private int queuedBytes;
  private long readBytes;
  private long forwardedBytes;
  private long lastDueNanos = System.nanoTime();
  private long nextSendNanos = System.nanoTime();
  private boolean ended;
  private boolean holed;
  private Faults.@Nullable Limit limit;
  private long limitAt = Long.MAX_VALUE;
  private volatile boolean deaf;

  Pump(OneWay way, Wire from, Wire to, long seed) {
    this.way = way;
    this.from = from;
    this.to = to;
    this.random = new SplittableRandom(seed);
  }

  /** Carries bytes until one of the ends, which it returns; a source's RST is an exception. */
  Step run() throws IOException, InterruptedException {
    for (; ; ) {
      Step step = next();
      if (step == Step.FINISH) {
        to.halfClose();
      }
      if (step != Step.SEND) {
        return step;
      }
      try {
        send();
      } catch (IOException e) {
        if (!deaf) {
          throw e;
        }
        // Half-closed in the middle of a write: from now on bytes are dropped.
      }
    }
  }

  /** Tells the pump to look at its faults again. */
  void wake() {
    from.wake();
  }

  /** Ends the receiver's side now; what the sender still sends is read and dropped. */
  void halfClose() {
    deaf = true;
    to.halfClose();
    wake();
  }

  private Step next() throws IOException, InterruptedException {
    from.lock.lock();
    try {
      for (; ; ) {
        Faults faults = way.faults();
        boolean read = mayRead(faults) && receive(faults);
        Step step = decide(faults, System.nanoTime());
        if (step != null) {
          return step;
        }
        if (!read) {
          await(faults);
        }
      }
    } finally {
      from.lock.unlock();
    }
  }

  private boolean mayRead(Faults faults) {
    return !ended && faults.mode() != Faults.Mode.FREEZE && queuedBytes < QUEUED_BYTES;
  }

  private boolean receive(Faults faults) throws IOException {
    buffer.clear().limit(Math.min(CHUNK_BYTES, QUEUED_BYTES - queuedBytes));
    int read = from.tryRead(buffer);
    if (read == 0) {
      return false;
    }
    byte[] bytes = new byte[Math.max(read, 0)];
    buffer.flip().get(bytes);
    ended = read < 0;
    corrupt(faults, bytes);
    readBytes += bytes.length;
    way.countRead(bytes.length);
    long jitter = faults.jitterNanos() == 0 ? 0 : random.nextLong(faults.jitterNanos() + 1);
    long due = System.nanoTime() + faults.latencyNanos() + jitter;
    lastDueNanos = due - lastDueNanos > 0 ? due : lastDueNanos;
    queue.add(new Parcel(ByteBuffer.wrap(bytes), ended, lastDueNanos));
    queuedBytes += bytes.length;
    return true;
  }

  private void corrupt(Faults faults, byte[] bytes) {
    long target = faults.corruptAt() - readBytes;
    if (target >= 0 && target < bytes.length) {
      bytes[(int) target] ^= 1;
    }
    if (faults.corruption() > 0) {
      for (int i = 0; i < bytes.length; i++) {
        if (random.nextDouble() < faults.corruption()) {
          bytes[i] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
      }
    }
  }

  /** What to do now, or null to wait. */
  private @Nullable Step decide(Faults faults, long now) throws IOException {
    if (!from.isOpen() || !to.isOpen()) {
      return Step.CUT;
    }
    if (faults.mode() == Faults.Mode.SWALLOW) {
      swallow();
    } else if (holed) {
      return Step.RESET;
    }
    if (deaf) {
      drop();
    }
    if (isLimitReached(faults)) {
      return faults.limit() != null && faults.limit().reset ? Step.RESET : Step.CUT;
    }
    Parcel head = queue.peek();
    if (head == null || !isDue(head, faults, now)) {
      return null;
    }
    return head.last() ? Step.FINISH : Step.SEND;
  }

  private void swallow() {
    holed |= queuedBytes > 0;
    drop();
  }

  /** Forgets the bytes that wait, but not the FIN behind them. */
  private void drop() {
    queue.removeIf(parcel -> !parcel.last());
    queuedBytes = 0;
  }

  private boolean isLimitReached(Faults faults) {
    if (faults.limit() != limit) {
      limit = faults.limit();
      limitAt = limit == null ? Long.MAX_VALUE : forwardedBytes + limit.bytes;
    }
    return forwardedBytes >= limitAt;
  }

  private boolean isDue(Parcel head, Faults faults, long now) {
    if (faults.is(Faults.Mode.STALL, Faults.Mode.SWALLOW)) {
      return false;
    }
    boolean arrived = !faults.lags() || head.dueNanos() - now <= 0;
    return arrived && (head.last() || !faults.isPaced() || nextSendNanos - now <= 0);
  }

  private void await(Faults faults) throws InterruptedException {
    long deadline = Long.MAX_VALUE;
    Parcel head = queue.peek();
    if (head != null && !faults.is(Faults.Mode.STALL, Faults.Mode.SWALLOW)) {
      deadline = faults.lags() ? head.dueNanos() : nextSendNanos;
      deadline = nextSendNanos - deadline > 0 && faults.isPaced() ? nextSendNanos : deadline;
    }
    if (mayRead(faults)) {
      from.awaitReadable(deadline);
    } else {
      from.awaitChange(deadline);
    }
  }

  private void send() throws IOException, InterruptedException {
    Parcel head = queue.element();
    ByteBuffer bytes = head.bytes();
    Faults faults = way.faults();
    long most = Math.min(faults.pieceBytes(), limitAt - forwardedBytes);
    int end = bytes.limit();
    int piece = (int) Math.min(bytes.remaining(), most);
    to.write(bytes.limit(bytes.position() + piece));
    bytes.limit(end);
    if (!bytes.hasRemaining()) {
      queue.remove();
    }
    queuedBytes -= piece;
    forwardedBytes += piece;
    way.countForwarded(piece);
    nextSendNanos = System.nanoTime() + faults.gapNanos(piece);
  }
}
