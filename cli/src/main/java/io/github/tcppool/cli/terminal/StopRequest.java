package io.github.tcppool.cli.terminal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The wish that a command ends early, in an orderly way: the first Ctrl-C.
 *
 * <p>A command that can do so says it by {@link #onRequest}. For use by several threads.
 */
public final class StopRequest {
  private final CountDownLatch requested = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Runnable action;
  private int exitCode;

  /**
   * Asks for the end; what comes after the first time has no effect.
   *
   * @param code what the process is to exit with
   * @return false if no command is there that would listen
   */
  public boolean request(int code) {
    Runnable wanted;
    lock.lock();
    try {
      wanted = action;
      if (wanted == null) {
        return false;
      }
      if (requested.getCount() == 0) {
        return true;
      }
      exitCode = code;
      requested.countDown();
    } finally {
      lock.unlock();
    }
    wanted.run();
    return true;
  }

  /** Sets what is done, once, when the end is asked for; it should be quick. */
  public void onRequest(Runnable quickAction) {
    lock.lock();
    try {
      action = quickAction;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the end has been asked for. */
  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Waits for the request, at most so long; says whether it came. */
  public boolean await(Duration time) throws InterruptedException {
    return requested.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The exit code of the request if there was one, else the other. */
  public int exitCode(int otherwise) {
    lock.lock();
    try {
      return isRequested() ? exitCode : otherwise;
    } finally {
      lock.unlock();
    }
  }
}
