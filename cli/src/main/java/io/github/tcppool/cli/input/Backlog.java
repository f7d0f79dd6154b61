package io.github.tcppool.cli.input;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The messages that were read and not yet worked off; when it is full the reader waits, and with it
 * whoever writes into our standard input.
 *
 * <p>A message is either handed out once by {@link #take} or given back by {@link #rest}, never
 * lost. For use by several threads.
 */
final class Backlog {
  private static final int MAX_MESSAGES = 1_024;
  private static final long MAX_BYTES = 8L << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> messages = new ArrayDeque<>();
  private long bytes;
  private boolean ended;
  private boolean closed;

  /** Adds a message, when there is room for it. After {@link #close} there always is. */
  void put(byte[] message) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (isFull() && !closed) {
        changed.await();
      }
      messages.add(message);
      bytes += message.length;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return messages.size() >= MAX_MESSAGES || bytes >= MAX_BYTES;
  }

  /** Waits for a message; null when there will be none any more. */
  byte @Nullable [] take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (messages.isEmpty() && !ended && !closed) {
        changed.await();
      }
      if (closed || messages.isEmpty()) {
        return null;
      }
      boolean wasFull = isFull();
      byte[] message = messages.remove();
      bytes -= message.length;
      if (wasFull) {
        changed.signalAll();
      }
      return message;
    } finally {
      lock.unlock();
    }
  }

  /** Says that no message will follow. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands out nothing any more; who waits for room gets it, so that the reader comes to its end.
   */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the end, and takes what is left. To be called after {@link #close}. */
  List<byte[]> rest() {
    lock.lock();
    try {
      while (!ended) {
        changed.awaitUninterruptibly();
      }
      List<byte[]> rest = new ArrayList<>(messages);
      messages.clear();
      bytes = 0;
      return rest;
    } finally {
      lock.unlock();
    }
  }
}
