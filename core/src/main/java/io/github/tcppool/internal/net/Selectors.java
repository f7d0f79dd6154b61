package io.github.tcppool.internal.net;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A few open selectors without keys, kept for the next connection that has to wait: each costs two
 * descriptors and 2.5 µs.
 */
final class Selectors {

  private static final int KEEP = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Selector> free = new ArrayDeque<>(KEEP);

  static final Selectors SHARED = new Selectors();

  Selector take() throws NoDescriptorException {
    Selector kept = poll();
    if (kept != null) {
      return kept;
    }
    try {
      return Selector.open();
    } catch (IOException e) {
      throw new NoDescriptorException(e);
    }
  }

  private @Nullable Selector poll() {
    lock.lock();
    try {
      return free.pollLast();
    } finally {
      lock.unlock();
    }
  }

  /** Takes back a selector that has no keys any more. */
  void give(Selector selector) throws IOException {
    lock.lock();
    try {
      if (free.size() < KEEP) {
        free.addLast(selector);
        return;
      }
    } finally {
      lock.unlock();
    }
    selector.close();
  }
}
