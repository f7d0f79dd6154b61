package io.github.tcppool.internal;

import io.github.tcppool.internal.net.TcpChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections without destroying what is in flight: sends our end of stream, reads and
 * forgets what the peer still says until it ends too, then closes. A bound in time ends the
 * patience.
 *
 * <p>One worker looks after all that are closing, and is there only while there are some.
 */
final class Drainer {

  private static final Logger LOG = LoggerFactory.getLogger(Drainer.class);
  private static final int SCRATCH_BYTES = 16 << 10;

  /** One that is closing, and whether the kernel has taken all that we have to say. */
  private record Draining(TcpChannel channel, boolean said, long deadlineNanos, Runnable done) {}

  private final Executor workers;
  private final LongSupplier patienceNanos;
  private final ReentrantLock lock = new ReentrantLock();

  /** What is closing. Guarded by the lock. */
  private final Map<TcpChannel, Draining> all = new HashMap<>();

  /** Whether a worker is there or about to be. Guarded by the lock. */
  private boolean working;

  /** Of the worker, once it has one. Guarded by the lock. */
  private @Nullable Selector selector;

  /** Tells the worker that there is something new. Guarded by the lock. */
  private final List<Draining> added = new ArrayList<>();

  Drainer(Executor workers, LongSupplier patienceNanos) {
    this.workers = workers;
    this.patienceNanos = patienceNanos;
  }

  /** Closes in an orderly way; runs {@code done} when the socket is closed. */
  void close(TcpChannel channel, Runnable done) {
    long patience = patienceNanos.getAsLong();
    boolean said = false;
    try {
      said = endOutput(channel);
      channel.relax();
    } catch (IOException e) {
      channel.close(); // broken already: nothing is in flight any more
    }
    if (channel.isClosed() || channel.isEnded() || patience == 0) {
      channel.close();
      done.run();
      return;
    }
    handOver(new Draining(channel, said, System.nanoTime() + patience, done));
  }

  /** True if all that there is to say was said. */
  private static boolean endOutput(TcpChannel channel) throws IOException {
    if (!channel.sayEnd()) {
      return false;
    }
    channel.shutdownOutput();
    return true;
  }

  private void handOver(Draining draining) {
    boolean start;
    lock.lock();
    try {
      all.put(draining.channel(), draining);
      added.add(draining);
      start = !working;
      working = true;
      if (selector != null) {
        selector.wakeup();
      }
    } finally {
      lock.unlock();
    }
    if (start) {
      start();
    }
  }

  private void start() {
    try {
      workers.execute(this::work);
    } catch (Throwable t) { // no thread to be had: better an abrupt close than none
      LOG.debug("closing connections without draining them", t);
      closeAll();
    }
  }

  private void closeAll() {
    List<Draining> left;
    lock.lock();
    try {
      left = new ArrayList<>(all.values());
      added.clear();
      working = false;
      selector = null;
    } finally {
      lock.unlock();
    }
    left.forEach(this::finish);
  }

  /** Ends the patience with a connection. False if it is not being drained. */
  boolean sever(TcpChannel channel) {
    lock.lock();
    try {
      Draining found = all.get(channel);
      if (found == null) {
        return false;
      }
      Draining ended = new Draining(channel, found.said(), System.nanoTime(), found.done());
      all.put(channel, ended);
      if (selector != null) {
        selector.wakeup();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    try (Selector mine = Selector.open()) {
      lock.lock();
      try {
        selector = mine;
      } finally {
        lock.unlock();
      }
      ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
      List<Draining> ended = new ArrayList<>();
      while (await(mine, ended)) {
        finish(mine, ended);
        select(mine, scratch, ended);
        finish(mine, ended);
      }
    } catch (Throwable t) { // whatever it was: connections must not stay for ever
      LOG.debug("closing connections without draining them", t);
      closeAll();
    }
  }

  /**
   * Registers what is new and collects what is overdue. False if nothing is left and the worker
   * must end.
   */
  private boolean await(Selector mine, List<Draining> ended) {
    lock.lock();
    try {
      if (all.isEmpty()) {
        working = false;
        selector = null;
        return false;
      }
      for (Draining draining : added) {
        register(mine, draining, ended);
      }
      added.clear();
      long now = System.nanoTime();
      for (Draining draining : all.values()) {
        if (draining.deadlineNanos() - now <= 0) {
          ended.add(draining);
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static void register(Selector mine, Draining draining, List<Draining> ended) {
    try {
      int more = draining.said() ? 0 : SelectionKey.OP_WRITE;
      draining.channel().raw().register(mine, SelectionKey.OP_READ | more, draining.channel());
    } catch (IOException | ClosedSelectorException e) {
      ended.add(draining);
    }
  }

  private void select(Selector mine, ByteBuffer scratch, List<Draining> ended) throws IOException {
    long millis = millisToNext();
    if (millis > 0) {
      int unused = mine.select(key -> drain(key, scratch, ended), millis);
    }
  }

  /** 0 if nothing is left to wait for. */
  private long millisToNext() {
    lock.lock();
    try {
      long now = System.nanoTime();
      long next = Long.MAX_VALUE;
      for (Draining draining : all.values()) {
        next = Math.min(next, draining.deadlineNanos() - now);
      }
      return all.isEmpty() ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(next) + 1);
    } finally {
      lock.unlock();
    }
  }

  private void drain(SelectionKey key, ByteBuffer scratch, List<Draining> ended) {
    TcpChannel channel = (TcpChannel) key.attachment();
    try {
      if (key.isWritable() && endOutput(channel)) {
        key.interestOps(SelectionKey.OP_READ);
      }
      if (!key.isReadable() || ((SocketChannel) key.channel()).read(scratch.clear()) >= 0) {
        return;
      }
    } catch (IOException e) {
      // reset: over all the same
    }
    lock.lock();
    try {
      Draining found = all.get(channel);
      if (found != null) {
        ended.add(found);
      }
    } finally {
      lock.unlock();
    }
  }

  private void finish(Selector mine, List<Draining> ended) throws IOException {
    for (Draining draining : ended) {
      SelectionKey key = draining.channel().raw().keyFor(mine);
      if (key != null) {
        key.cancel();
      }
    }
    int unused = mine.selectNow(); // a channel is closed for good only when no selector holds it
    for (Draining draining : ended) {
      finish(draining);
    }
    ended.clear();
  }

  private void finish(Draining draining) {
    lock.lock();
    try {
      if (all.remove(draining.channel()) == null) {
        return; // listed twice
      }
    } finally {
      lock.unlock();
    }
    draining.channel().close();
    draining.done().run();
  }
}
