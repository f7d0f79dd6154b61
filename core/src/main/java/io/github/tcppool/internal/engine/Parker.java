package io.github.tcppool.internal.engine;

import java.util.concurrent.locks.LockSupport;

/** How one waiting thread sleeps and is woken: a seam, because model checkers need to see it. */
public interface Parker {

  /** Sleeps until {@link #wake}, an interrupt, or the time is over; may return earlier. */
  void sleep(long nanos);

  /** Ends the current or the next {@link #sleep}. */
  void wake();

  /** Parks the thread that calls this. */
  static Parker ofCurrentThread() {
    Thread thread = Thread.currentThread();
    return new Parker() {
      @Override
      public void sleep(long nanos) {
        LockSupport.parkNanos(this, nanos);
      }

      @Override
      public void wake() {
        LockSupport.unpark(thread);
      }
    };
  }
}
