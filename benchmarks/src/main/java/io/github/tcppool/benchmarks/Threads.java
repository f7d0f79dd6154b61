package io.github.tcppool.benchmarks;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Where the threads that make the load come from. */
final class Threads {

  private Threads() {}

  /** Daemon threads of the operating system. */
  static ThreadFactory platform() {
    return work -> {
      Thread thread = new Thread(work, "load");
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Virtual threads, by reflection as this is compiled for JDK 17; null where there are none. */
  static @Nullable ThreadFactory virtual() {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      return (ThreadFactory)
          Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
