package io.github.tcppool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something done by a thread of its own, with what came of it and when. */
final class Task<T> {

  /** What is done. */
  interface Action<T> extends Callable<T> {}

  private static final long PATIENCE_SECONDS = 10;

  private final FutureTask<T> future;
  private final Thread thread;
  private volatile long endedNanos;
  private volatile boolean flagAtEnd;

  private Task(Action<T> action) {
    future =
        new FutureTask<>(
            () -> {
              try {
                return action.call();
              } finally {
                flagAtEnd = Thread.currentThread().isInterrupted();
                endedNanos = System.nanoTime();
              }
            });
    thread = new Thread(future, "bench-task");
    thread.setDaemon(true);
  }

  static <T> Task<T> start(Action<T> action) {
    Task<T> task = new Task<>(action);
    task.thread.start();
    return task;
  }

  Thread thread() {
    return thread;
  }

  /** What it returned; fails if it threw or does not end. */
  T result() {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("the task failed", e.getCause());
    } catch (TimeoutException e) {
      throw stuck();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What it threw; fails if it returned or does not end. */
  Throwable failure() {
    try {
      T result = future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("the task was to fail, but returned " + result);
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (TimeoutException e) {
      throw stuck();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private AssertionError stuck() {
    AssertionError stuck = new AssertionError("the task does not end; its stack is below");
    stuck.setStackTrace(thread.getStackTrace());
    return stuck;
  }

  /** The time from a moment in {@code System.nanoTime()} to its end. */
  Duration tookSince(long nanos) {
    assertThat(future.isDone()).isTrue();
    return Duration.ofNanos(endedNanos - nanos);
  }

  /** Whether its thread's interrupt flag was set when it ended. */
  boolean keptInterruptFlag() {
    return flagAtEnd;
  }

  boolean isDone() {
    return future.isDone();
  }

  void interrupt() {
    thread.interrupt();
  }

  void end() throws InterruptedException {
    thread.interrupt();
    thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    assertThat(thread.isAlive()).as("a task still runs").isFalse();
  }
}
