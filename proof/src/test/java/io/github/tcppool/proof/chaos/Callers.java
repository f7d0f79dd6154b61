package io.github.tcppool.proof.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads as the callers of a pool have them: virtual where the JDK has those, else platform. */
final class Callers {

  private static final ThreadFactory THREADS = threads();
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final List<Thread> started = new ArrayList<>();

  /** Starts one more. */
  Thread start(Runnable work) {
    Thread thread = THREADS.newThread(work);
    thread.setName("chaos-caller-" + COUNT.incrementAndGet());
    started.add(thread);
    thread.start();
    return thread;
  }

  List<Thread> all() {
    return started;
  }

  /** Waits until all have ended, and says whether they did. */
  boolean join(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (Thread thread : started) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      thread.join(Math.max(1, left)); // 0 would wait for ever
      if (thread.isAlive()) {
        return false;
      }
    }
    return true;
  }

  static boolean areVirtual() {
    return Runtime.version().feature() >= 21;
  }

  /** By reflection, as the code is compiled for JDK 17. */
  private static ThreadFactory threads() {
    if (!areVirtual()) {
      return work -> {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
      };
    }
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      return (ThreadFactory) type.getMethod("factory").invoke(builder);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no virtual threads on JDK " + Runtime.version(), e);
    }
  }
}
