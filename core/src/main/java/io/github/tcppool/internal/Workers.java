package io.github.tcppool.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Threads for work that may block and soon ends: dials and orderly closes. Virtual where the JDK
 * has them, else daemon threads. How many there are is bounded by those who ask: one per dial
 * allowed, one for closing.
 */
final class Workers implements Executor {

  private final ThreadFactory threads;

  Workers(String name) {
    ThreadFactory virtual = virtualThreads(name + "-worker");
    threads = virtual == null ? platformThreads(name + "-worker-") : virtual;
  }

  @Override
  public void execute(Runnable work) {
    threads.newThread(work).start();
  }

  private static ThreadFactory platformThreads(String prefix) {
    AtomicLong count = new AtomicLong();
    return work -> {
      Thread thread = new Thread(work, prefix + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** By reflection, as the code is compiled for JDK 17. Null where there are none. */
  private static @Nullable ThreadFactory virtualThreads(String name) {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      Object named = type.getMethod("name", String.class).invoke(builder, name);
      return (ThreadFactory) type.getMethod("factory").invoke(named);
    } catch (ReflectiveOperationException | LinkageError e) {
      return null; // JDK 17 to 20
    }
  }
}
