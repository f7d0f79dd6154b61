package io.github.tcppool.testkit;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The frames of one connection: where they end, how many, and the first of them. */
final class FrameLog {
  /** A longer frame is counted, but not kept. */
  private static final int KEPT_FRAME_BYTES = 16 << 20;

  private final Ledger ledger;
  private final Boundary.Scanner scanner;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<byte[]> kept = new ArrayList<>();
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

  /** Bytes of the frame that has not ended yet; used by the reading thread alone. */
  private long partialBytes;

  /** Written by the reading thread alone. */
  private volatile long count;

  FrameLog(Ledger ledger) {
    this.ledger = ledger;
    this.scanner = ledger.boundary.scanner();
  }

  /** Takes bytes until {@code maxFrames} frames have ended; returns the index after the last. */
  int take(byte[] bytes, int from, int to, long maxFrames) {
    int at = from;
    long left = maxFrames;
    while (at < to && left > 0) {
      int end = scanner.scan(bytes, at, to);
      if (end >= 0 && (end <= at || end > to)) {
        throw new IllegalStateException(
            "a frame must end in (" + at + ", " + to + "], but the boundary said " + end);
      }
      int stop = end < 0 ? to : end;
      append(bytes, at, stop);
      at = stop;
      if (end >= 0) {
        complete();
        left--;
      }
    }
    return at;
  }

  private void append(byte[] bytes, int from, int to) {
    partialBytes += to - from;
    if (partialBytes <= KEPT_FRAME_BYTES && !ledger.isFull()) {
      partial.write(bytes, from, to - from);
    } else {
      partial.reset();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void complete() {
    if (partialBytes <= KEPT_FRAME_BYTES && !ledger.isFull()) {
      keep(partial.toByteArray());
    }
    partial.reset();
    partialBytes = 0;
    count++;
    ledger.frames.incrementAndGet();
  }

  private void keep(byte[] frame) {
    if (ledger.frame(frame)) {
      lock.lock();
      try {
        kept.add(frame);
      } finally {
        lock.unlock();
      }
    }
  }

  boolean isInsideFrame() {
    return partialBytes > 0;
  }

  long count() {
    return count;
  }

  List<byte[]> frames() {
    lock.lock();
    try {
      return List.copyOf(kept);
    } finally {
      lock.unlock();
    }
  }
}
