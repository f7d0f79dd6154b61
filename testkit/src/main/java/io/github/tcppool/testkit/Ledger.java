package io.github.tcppool.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a peer has seen on all its connections, since it was first started.
 *
 * <p>Counts are exact; the frames themselves are kept up to a bound, the first ones.
 */
final class Ledger {
  /** Total size of the kept frames; a test that sends more wants the counts. */
  private static final long KEPT_BYTES = 64L << 20;

  private static final int KEPT_FAILURES = 100;

  final Boundary boundary;
  final Duration patience;
  final Tally tally = new Tally();

  final AtomicInteger accepted = new AtomicInteger();
  final AtomicInteger open = new AtomicInteger();
  final AtomicLong bytes = new AtomicLong();
  final AtomicLong frames = new AtomicLong();

  private final int keptFrames;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<byte[]> kept = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private long keptBytes;

  /** Whether a frame has found no room; then none is kept any more. */
  private volatile boolean full;

  Ledger(Boundary boundary, int keptFrames, Duration patience) {
    this.boundary = boundary;
    this.keptFrames = keptFrames;
    this.patience = patience;
  }

  /** Counts a frame, and keeps it if there is room; says whether it did. */
  boolean frame(byte[] frame) {
    lock.lock();
    try {
      if (full || kept.size() >= keptFrames || keptBytes + frame.length > KEPT_BYTES) {
        full = true;
        return false;
      }
      kept.add(frame);
      keptBytes += frame.length;
      return true;
    } finally {
      lock.unlock();
    }
  }

  boolean isFull() {
    return full;
  }

  List<byte[]> frames() {
    lock.lock();
    try {
      return List.copyOf(kept);
    } finally {
      lock.unlock();
    }
  }

  void failure(Throwable failure) {
    lock.lock();
    try {
      if (failures.size() < KEPT_FAILURES) {
        failures.add(failure);
      }
    } finally {
      lock.unlock();
    }
    tally.changed();
  }

  List<Throwable> failures() {
    lock.lock();
    try {
      return List.copyOf(failures);
    } finally {
      lock.unlock();
    }
  }

  String story() {
    return accepted
        + " accepted, "
        + open
        + " open, "
        + bytes
        + " bytes and "
        + frames
        + " frames received";
  }
}
