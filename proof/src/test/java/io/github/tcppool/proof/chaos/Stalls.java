package io.github.tcppool.proof.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long this process was not let run, as seen by a thread that wants to do so every millisecond:
 * a gap between calls that is no longer says nothing of the pool.
 */
final class Stalls implements AutoCloseable {

  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Thread thread = new Thread(this::watch, "chaos-stalls");
  private volatile boolean stopped;
  private volatile long longestNanos;

  private Stalls() {
    thread.setDaemon(true);
  }

  static Stalls watching() {
    Stalls stalls = new Stalls();
    stalls.thread.start();
    return stalls;
  }

  private void watch() {
    long last = System.nanoTime();
    while (!stopped) {
      LockSupport.parkNanos(STEP_NANOS); // its pace, on which nothing waits
      long now = System.nanoTime();
      longestNanos = Math.max(longestNanos, now - last - STEP_NANOS);
      last = now;
    }
  }

  Duration longest() {
    return Duration.ofNanos(longestNanos);
  }

  @Override
  public void close() {
    stopped = true;
    LockSupport.unpark(thread);
  }
}
