package io.github.tcppool.testkit;

import java.util.Set;
import java.util.stream.Collectors;

/** Threads that tests start, and a look at those that the testkit has. */
final class Tasks {
  private Tasks() {}

  interface Action {
    void run() throws Exception;
  }

  static Thread start(Action action) {
    Thread thread = new Thread(() -> run(action), "test-task");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void run(Action action) {
    try {
      action.run();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static Set<String> testkitThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("testkit-"))
        .collect(Collectors.toSet());
  }
}
