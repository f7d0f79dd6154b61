package io.github.tcppool.internal;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The frames that wait for a {@code receive}, in the order in which they were read.
 *
 * <p>Those that a leader has read need no limit here: it reads only when the line is empty. Those
 * that are kept from connections that end, or that go on to a dialogue, have two: what one
 * connection may hold, and what all may, those that are gone included. What does not fit is
 * dropped.
 *
 * <p>Everything is guarded by the receiver's lock.
 */
final class InboundLine {

  /** So many connections may fill their share of the line. */
  static final int SHARES = 16;

  /** What a frame in line takes up beside its bytes. */
  private static final int FRAME_BYTES = 32;

  private static final long TELL_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** What one connection has in line. */
  static final class Share {
    private long bytes;
  }

  private static final class Frame {
    private final byte[] payload;
    private final @Nullable Share share;

    Frame(byte[] payload, @Nullable Share share) {
      this.payload = payload;
      this.share = share;
    }
  }

  /** What was dropped since the pool was made. */
  record Dropped(long frames, long bytes) {}

  private final ArrayDeque<Frame> frames = new ArrayDeque<>();
  private long keptBytes;
  private long droppedFrames;
  private long droppedBytes;

  /** When drops were last told, if ever. */
  private @Nullable Long toldNanos;

  byte @Nullable [] poll() {
    Frame next = frames.poll();
    if (next == null) {
      return null;
    }
    Share share = next.share;
    if (share != null) {
      long cost = cost(next.payload);
      share.bytes -= cost;
      keptBytes -= cost;
    }
    return next.payload;
  }

  /** What a leader has read. */
  void addAll(List<byte[]> read) {
    for (byte[] payload : read) {
      frames.addLast(new Frame(payload, null));
    }
  }

  /** False if there is no room, with a limit of {@code maxBytes} per connection. */
  boolean keep(byte[] payload, Share share, long maxBytes) {
    long cost = cost(payload);
    if (share.bytes + cost > maxBytes || keptBytes + cost > SHARES * maxBytes) {
      return false;
    }
    share.bytes += cost;
    keptBytes += cost;
    frames.addLast(new Frame(payload, share));
    return true;
  }

  void noteDropped(byte[] payload) {
    droppedFrames++;
    droppedBytes += payload.length;
  }

  /** What is to be told of drops at this moment: nothing, if some were told a moment ago. */
  @Nullable Dropped untold(long now) {
    if (toldNanos != null && now - toldNanos < TELL_NANOS) {
      return null;
    }
    toldNanos = now;
    return new Dropped(droppedFrames, droppedBytes);
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  int size() {
    return frames.size();
  }

  /** What a frame takes up: an empty one is not free, or a peer could send any number of them. */
  private static long cost(byte[] payload) {
    return (long) payload.length + FRAME_BYTES;
  }
}
