package io.github.tcppool.proof.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Threads that call a pool, all of one kind, and what they threw. */
public final class Callers {

  /** What each of them does. */
  @FunctionalInterface
  public interface Body {

    /** Does it; the first caller is number 0. */
    void call(int number) throws Exception;
  }

  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final ThreadFactory factory;
  private final CountDownLatch ended;
  private final int size;

  private Callers(ThreadKind kind, int size) {
    this.size = size;
    factory = kind.factory();
    ended = new CountDownLatch(size);
  }

  /** Starts this many callers one after the other. */
  public static Callers start(ThreadKind kind, int size, Body body) {
    Callers callers = waiting(kind, size);
    for (int i = 0; i < size; i++) {
      callers.startOne(i, body);
    }
    return callers;
  }

  /** A crew of this size of which nobody has begun; for {@link #startOne}. */
  public static Callers waiting(ThreadKind kind, int size) {
    return new Callers(kind, size);
  }

  /** Starts the caller with this number. */
  public Thread startOne(int number, Body body) {
    Thread thread = factory.newThread(() -> run(number, body));
    threads.add(thread);
    thread.start();
    return thread;
  }

  private void run(int number, Body body) {
    try {
      body.call(number);
    } catch (Throwable t) { // it fails the test, in the test's own thread
      failures.add(t);
    } finally {
      ended.countDown();
    }
  }

  /** All threads started so far. */
  public List<Thread> threads() {
    return threads;
  }

  /** What callers have thrown so far. */
  public List<Throwable> failures() {
    return failures;
  }

  /** How many have ended. */
  public int ended() {
    return size - (int) ended.getCount();
  }

  /** Waits until all have ended, and fails if one of them does not, or has failed. */
  public void join(Duration patience) throws InterruptedException {
    boolean all = ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    assertThat(failures).as("what callers threw").isEmpty();
    assertThat(all).as("%d of %d callers have ended", ended(), size).isTrue();
  }
}
