package io.github.tcppool.internal;

import java.io.IOException;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes threads out of a socket's operations when it is closed, by interrupting them while they are
 * inside and only then.
 *
 * <p>Registration, interrupt and deregistration happen under one lock, so the interrupt never
 * reaches a thread that has left, and its flag is cleared before it leaves.
 */
final class BlockedThreads {

  /** An operation that may wait, and ends with an exception when interrupted. */
  interface Operation<T> {
    T run() throws IOException;
  }

  private final ReentrantLock lock = new ReentrantLock();

  /** Threads inside, and whether they were interrupted from here. Guarded by the lock. */
  private final Map<Thread, Boolean> inside = new HashMap<>();

  /** Guarded by the lock. */
  private boolean closed;

  <T> T run(Operation<T> operation) throws IOException {
    enter();
    boolean woken = false;
    try {
      return operation.run();
    } catch (IOException e) {
      woken = leave();
      if (woken) {
        SocketException told = new SocketException("Socket closed");
        told.initCause(e);
        throw told;
      }
      throw e;
    } finally {
      if (!woken) {
        boolean unused = leave();
      }
    }
  }

  private void enter() throws SocketException {
    lock.lock();
    try {
      if (closed) {
        throw new SocketException("Socket is closed");
      }
      inside.put(Thread.currentThread(), false);
    } finally {
      lock.unlock();
    }
  }

  /** True if the thread was interrupted from here; the flag is then cleared. */
  private boolean leave() {
    lock.lock();
    try {
      boolean ours = Boolean.TRUE.equals(inside.remove(Thread.currentThread()));
      if (ours) {
        boolean unused = Thread.interrupted(); // set by close, and meant for this operation only
      }
      return ours;
    } finally {
      lock.unlock();
    }
  }

  /** Lets nobody in any more and wakes those inside. False if that was done before. */
  boolean close() {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      for (Map.Entry<Thread, Boolean> entry : inside.entrySet()) {
        entry.setValue(true);
        entry.getKey().interrupt();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
