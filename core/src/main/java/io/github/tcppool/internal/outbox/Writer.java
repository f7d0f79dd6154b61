package io.github.tcppool.internal.outbox;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of an outbox: does its task whenever it is asked to, and sleeps otherwise. Started by
 * the first request; a daemon.
 */
final class Writer {

  private static final Logger LOG = LoggerFactory.getLogger("io.github.tcppool");

  private final String name;
  private final Runnable task;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition asked = lock.newCondition();

  // All guarded by the lock.
  private boolean wanted;
  private boolean ended;
  private @Nullable Thread thread;

  Writer(String name, Runnable task) {
    this.name = name;
    this.task = task;
  }

  /** Lets the task run soon. False if there is no thread to be had. */
  boolean run() {
    lock.lock();
    try {
      wanted = true;
      asked.signal();
      if (thread == null) {
        Thread started = new Thread(this::loop, name);
        started.setDaemon(true);
        started.start();
        thread = started;
      }
      return true;
    } catch (Throwable t) { // the system has no thread left: the caller must not suffer from it
      LOG.warn("{}: no thread to send with", name, t);
      wanted = false;
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts the task, if it runs. */
  void interrupt() {
    lock.lock();
    try {
      if (thread != null) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets the thread end when the task has. */
  void end() {
    lock.lock();
    try {
      ended = true;
      asked.signal();
    } finally {
      lock.unlock();
    }
  }

  private void loop() {
    while (awaitRequest()) {
      try {
        task.run();
      } catch (Throwable t) { // this thread must outlive any fault in what it calls
        LOG.error("{}: sending failed", name, t);
      }
    }
  }

  private boolean awaitRequest() {
    lock.lock();
    try {
      while (!wanted && !ended) {
        asked.awaitUninterruptibly();
      }
      boolean again = wanted;
      wanted = false;
      return again;
    } finally {
      lock.unlock();
    }
  }
}
