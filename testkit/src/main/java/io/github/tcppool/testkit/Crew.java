package io.github.tcppool.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The threads of one peer or proxy: named daemons that must all have ended when it is closed. */
final class Crew {
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  void start(String name, Runnable body) {
    Thread thread = new Thread(() -> runAndLeave(body), name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void runAndLeave(Runnable body) {
    try {
      body.run();
    } finally {
      threads.remove(Thread.currentThread());
    }
  }

  /**
   * Interrupts every thread but the caller and waits for their end, at most {@code limit} in all.
   */
  void finish(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    List<Thread> others =
        threads.stream().filter(thread -> thread != Thread.currentThread()).toList();
    others.forEach(Thread::interrupt);
    try {
      for (Thread thread : others) {
        long leftMillis = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
        thread.join(leftMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    List<String> stuck = others.stream().filter(Thread::isAlive).map(Thread::getName).toList();
    if (!stuck.isEmpty()) {
      throw new IllegalStateException(
          "threads did not end within " + limit + " of being interrupted: " + stuck);
    }
  }
}
