package io.github.tcppool.internal.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Buffers of one size, direct or not, a bounded number of them kept for reuse: an idle connection
 * holds none.
 */
final class Buffers {

  static final int SMALL_BYTES = 8 << 10;
  static final int LARGE_BYTES = 64 << 10;

  /** What a busy connection keeps, one for each direction. */
  static final Buffers SMALL = new Buffers(SMALL_BYTES, 256, true);

  /** What a connection borrows while it moves something large. */
  static final Buffers LARGE = new Buffers(LARGE_BYTES, 32, true);

  /**
   * What TLS keeps of a busy connection, one for each direction: room for one record, on the heap,
   * as ciphers work on arrays.
   */
  private static final Buffers RECORDS = new Buffers(17 << 10, 256, false);

  private final int bytes;
  private final int keep;
  private final boolean direct;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

  private Buffers(int bytes, int keep, boolean direct) {
    this.bytes = bytes;
    this.keep = keep;
    this.direct = direct;
  }

  /** Buffers with room for a TLS record of this size; only the usual size is kept for reuse. */
  static Buffers forRecordsOf(int recordBytes) {
    return recordBytes <= RECORDS.bytes ? RECORDS : new Buffers(recordBytes, 0, false);
  }

  /** An empty buffer, ready to be filled. */
  ByteBuffer take() {
    ByteBuffer kept = poll();
    if (kept != null) {
      return kept.clear();
    }
    return direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
  }

  private @Nullable ByteBuffer poll() {
    lock.lock();
    try {
      return free.pollLast();
    } finally {
      lock.unlock();
    }
  }

  /** Takes a buffer back; what it holds is forgotten. */
  void give(ByteBuffer buffer) {
    lock.lock();
    try {
      if (free.size() < keep) {
        free.addLast(buffer);
      }
    } finally {
      lock.unlock();
    }
  }
}
