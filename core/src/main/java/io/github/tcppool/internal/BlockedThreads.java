package io.github.tcppool.internal;

import java.io.IOException;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes threads out of a socket's operations, when it is closed or its time has changed, by
 * interrupting them while they are inside and only then.
 *
 * <p>Registration, interrupt and deregistration happen under one lock, so the interrupt never
 * reaches a thread that has left, and its flag is cleared before it leaves, unless it was set
 * before ours: then the user meant it. A user's interrupt that comes after ours and before the
 * thread leaves cannot be told from it, as a thread has one flag, and is lost.
 */
final class BlockedThreads {

  /** An operation that may wait, and ends with an exception when interrupted. */
  interface Operation<T> {
    T run() throws IOException;
  }

  /** Thrown to those inside who were to look at the time again. */
  static final class Nudged extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient IOException reason;

    Nudged(IOException reason) {
      super(reason);
      this.reason = reason;
    }

    /** How the operation took the interrupt. */
    IOException reason() {
      return reason;
    }
  }

  /** What became of a thread inside. */
  private enum Fate {
    LEFT_ALONE,
    NUDGED,
    TURNED_OUT
  }

  /** One thread's time inside. Guarded by the lock. */
  private static final class Visit {
    private Fate fate = Fate.LEFT_ALONE;

    /** Whether its flag was set when it was first interrupted from here. */
    private boolean interruptedBefore;
  }

  private final ReentrantLock lock = new ReentrantLock();

  /** Threads inside. Guarded by the lock. */
  private final Map<Thread, Visit> inside = new HashMap<>();

  /** Guarded by the lock. */
  private boolean closed;

  <T> T run(Operation<T> operation) throws IOException {
    enter();
    Fate fate = Fate.LEFT_ALONE;
    try {
      T result = operation.run();
      fate = leave();
      return result;
    } catch (IOException e) {
      fate = leave();
      throw switch (fate) {
        case LEFT_ALONE -> e;
        case NUDGED -> new Nudged(e);
        case TURNED_OUT -> turnedOut(e);
      };
    } finally {
      if (fate == Fate.LEFT_ALONE) {
        Fate unused = leave(); // after an error, else for the second time
      }
    }
  }

  private static SocketException turnedOut(IOException e) {
    SocketException told = new SocketException("Socket closed");
    told.initCause(e);
    return told;
  }

  private void enter() throws SocketException {
    lock.lock();
    try {
      if (closed) {
        throw new SocketException("Socket is closed");
      }
      inside.put(Thread.currentThread(), new Visit());
    } finally {
      lock.unlock();
    }
  }

  /** What became of the thread; an interrupt from here, and only that, is taken back. */
  private Fate leave() {
    lock.lock();
    try {
      Visit visit = inside.remove(Thread.currentThread());
      if (visit == null || visit.fate == Fate.LEFT_ALONE) {
        return Fate.LEFT_ALONE;
      }
      if (!visit.interruptedBefore) {
        boolean unused = Thread.interrupted(); // set from here, and meant for this operation only
      }
      return visit.fate;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes those inside, who may come again. */
  void nudge() {
    lock.lock();
    try {
      if (!closed) {
        interruptAll(Fate.NUDGED);
      }
    } finally {
      lock.unlock();
    }
  }

  private void interruptAll(Fate fate) {
    inside.forEach(
        (thread, visit) -> {
          if (visit.fate == Fate.LEFT_ALONE) {
            visit.interruptedBefore = thread.isInterrupted();
          }
          visit.fate = fate;
          thread.interrupt();
        });
  }

  /** Lets nobody in any more and wakes those inside. False if that was done before. */
  boolean close() {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      interruptAll(Fate.TURNED_OUT);
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
