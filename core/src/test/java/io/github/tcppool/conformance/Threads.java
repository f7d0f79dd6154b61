package io.github.tcppool.conformance;

import java.util.List;
import java.util.concurrent.ThreadFactory;

/** The kinds of threads that use a socket. */
enum Threads implements ThreadFactory {
  PLATFORM {
    @Override
    public Thread newThread(Runnable work) {
      Thread thread = new Thread(work, "conformance");
      thread.setDaemon(true);
      return thread;
    }
  },

  /** By reflection, as the tests are compiled for JDK 17. */
  VIRTUAL {
    @Override
    public Thread newThread(Runnable work) {
      try {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        return (Thread)
            Class.forName("java.lang.Thread$Builder")
                .getMethod("unstarted", Runnable.class)
                .invoke(builder, work);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("this JDK has no virtual threads", e);
      }
    }
  };

  /** The kinds that this JDK has. */
  static List<Threads> available() {
    return Runtime.version().feature() >= 21 ? List.of(PLATFORM, VIRTUAL) : List.of(PLATFORM);
  }

  @Override
  public String toString() {
    return this == PLATFORM ? "platform threads" : "virtual threads";
  }
}
