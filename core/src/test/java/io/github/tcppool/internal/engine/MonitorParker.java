package io.github.tcppool.internal.engine;

/**
 * Parks by a monitor, whose lost signals a model checker sees; of {@code LockSupport.park} it
 * assumes that it may end at any time, which hides them.
 */
final class MonitorParker implements Parker {

  private boolean woken;
  private boolean interrupted;

  @Override
  public synchronized void sleep(long nanos) {
    while (!woken && !interrupted) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    woken = false;
    if (interrupted) {
      interrupted = false;
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void wake() {
    woken = true;
    notifyAll();
  }

  /** Ends the current or the next sleep of whoever sleeps here, with its interrupt flag set. */
  synchronized void interrupt() {
    interrupted = true;
    notifyAll();
  }
}
