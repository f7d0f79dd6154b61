package io.github.tcppool.proof.threads;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The two kinds of threads that call a pool. */
public enum ThreadKind {
  PLATFORM,
  VIRTUAL;

  private static final @Nullable ThreadFactory VIRTUAL_FACTORY = virtualFactory();

  /** Whether this JDK has threads of this kind. */
  public boolean isThere() {
    return this == PLATFORM || VIRTUAL_FACTORY != null;
  }

  /** Aborts the test, visibly, where this JDK has no threads of this kind. */
  public ThreadKind orAbort() {
    assumeTrue(isThere(), "virtual threads need JDK 21, and this is JDK " + Runtime.version());
    return this;
  }

  /** Makes threads of this kind, which keep no JVM alive. */
  public ThreadFactory factory() {
    ThreadFactory virtual = VIRTUAL_FACTORY;
    if (this == VIRTUAL && virtual != null) {
      return virtual;
    }
    if (this == VIRTUAL) {
      throw new IllegalStateException("no virtual threads on JDK " + Runtime.version());
    }
    AtomicLong count = new AtomicLong();
    return work -> {
      Thread thread = new Thread(work, "caller-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Virtual where there are any, else platform: for promises that both show. */
  public static ThreadKind bestThere() {
    return VIRTUAL.isThere() ? VIRTUAL : PLATFORM;
  }

  /** By reflection, as the code is compiled for JDK 17. */
  private static @Nullable ThreadFactory virtualFactory() {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      return (ThreadFactory) type.getMethod("factory").invoke(builder);
    } catch (ReflectiveOperationException | LinkageError e) {
      return null; // JDK 17 to 20
    }
  }
}
