package io.github.tcppool.internal.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers of one size, a bounded number of them kept for reuse: an idle connection holds
 * none.
 */
final class Buffers {

  static final int SMALL_BYTES = 8 << 10;
  static final int LARGE_BYTES = 64 << 10;

  /** What a busy connection keeps, one for each direction. */
  static final Buffers SMALL = new Buffers(SMALL_BYTES, 256);

  /** What a connection borrows while it moves something large. */
  static final Buffers LARGE = new Buffers(LARGE_BYTES, 32);

  private final int bytes;
  private final int keep;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

  Buffers(int bytes, int keep) {
    this.bytes = bytes;
    this.keep = keep;
  }

  /** An empty buffer, ready to be filled. */
  ByteBuffer take() {
    ByteBuffer kept = poll();
    return kept == null ? ByteBuffer.allocateDirect(bytes) : kept.clear();
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
