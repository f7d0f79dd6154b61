package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A caller on a thread of its own that sleeps by the clock of the test. The test goes on only when
 * the caller sleeps or is done, so that nothing depends on how fast threads run.
 */
final class Caller implements Parker {

  interface Call {
    FakeConnection run() throws IOException;
  }

  private static final long PATIENCE_SECONDS = 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Rig rig;
  private final Thread thread;

  private long sleepsUntil;
  private boolean asleep;
  private boolean woken;
  private boolean ended;
  private boolean interruptedAtEnd;
  private @Nullable FakeConnection got;
  private @Nullable Throwable failure;

  Caller(Rig rig, Call call) {
    this.rig = rig;
    thread = new Thread(() -> run(call), "caller");
    thread.setDaemon(true);
    Rig.PARKER_OF.put(thread, this);
    thread.start();
    settle();
  }

  private void run(Call call) {
    FakeConnection result = null;
    Throwable thrown = null;
    try {
      result = call.run();
    } catch (Throwable t) {
      thrown = t;
    }
    lock.lock();
    try {
      got = result;
      failure = thrown;
      interruptedAtEnd = Thread.interrupted();
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
      Rig.PARKER_OF.remove(thread);
    }
  }

  @Override
  public void sleep(long nanos) {
    lock.lock();
    try {
      sleepsUntil = rig.now() + nanos;
      asleep = true;
      changed.signalAll();
      while (!woken && rig.now() < sleepsUntil && !thread.isInterrupted()) {
        changed.awaitUninterruptibly();
      }
      asleep = false;
      woken = false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the caller sleeps with nothing to wake it, or is done. */
  void settle() {
    long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    lock.lock();
    try {
      changed.signalAll();
      while (!ended && !(asleep && !woken && rig.now() < sleepsUntil && !thread.isInterrupted())) {
        left = changed.awaitNanos(left);
        assertThat(left).as("time for a caller to come to rest").isPositive();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      lock.unlock();
    }
  }

  void interrupt() {
    thread.interrupt();
    wake(); // its flag cannot be seen while it leaves its sleep
    settle();
  }

  boolean isWaiting() {
    settle();
    return !ended;
  }

  /** What it got; fails if it waits, or failed. */
  FakeConnection got() {
    settle();
    assertThat(failure).as("failure of the call").isNull();
    assertThat(ended).as("the call is over").isTrue();
    return got;
  }

  /** Why it failed; fails if it waits, or got a connection. */
  Throwable failure() {
    settle();
    assertThat(ended).as("the call is over").isTrue();
    assertThat(got).as("connection").isNull();
    return failure;
  }

  boolean hasFailed() {
    settle();
    return ended && failure != null;
  }

  boolean wasInterruptedAtEnd() {
    return interruptedAtEnd;
  }
}
