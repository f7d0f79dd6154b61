package io.github.tcppool.cli.input;

import io.github.tcppool.cli.terminal.StopRequest;
import io.github.tcppool.framing.Framing;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Works off standard input, message by message, by one thread or several, until it ends.
 *
 * <p>A request to stop ends the reading; what was read is worked off for as long as the drain time
 * lasts, then the workers are interrupted. What nobody has worked on by then is {@link #left()}.
 *
 * <p>Work that fails in a way it should not ends the run; its message is among those that are left,
 * as nobody knows how far it got.
 */
public final class InputRun {
  private static final Duration TICK = Duration.ofMillis(100);

  /** What is done with each message. */
  @FunctionalInterface
  public interface Work {
    /**
     * Deals with one message.
     *
     * @return false to stop reading and working
     */
    boolean on(byte[] message);
  }

  private final Backlog backlog = new Backlog();
  private final MessageReader reader;
  private final int threads;
  private final Duration drain;
  private final StopRequest stop;
  private final CountDownLatch ended;

  /** Messages in the hands of workers that failed. */
  private final Queue<byte[]> dropped = new ConcurrentLinkedQueue<>();

  private final AtomicReference<@Nullable Throwable> bug = new AtomicReference<>();
  private List<byte[]> left = List.of();

  /** Reads {@code in} cut by {@code format}; nothing happens before {@link #run}. */
  public InputRun(InputStream in, Framing format, int threads, Duration drain, StopRequest stop) {
    this.reader = new MessageReader(in, format, backlog);
    this.threads = threads;
    this.drain = drain;
    this.stop = stop;
    this.ended = new CountDownLatch(threads);
  }

  /** Runs to the end, calling {@code tick} ten times a second. */
  public void run(Work work, Runnable tick) throws InterruptedException {
    stop.onRequest(reader::stop);
    Thread reading = new Thread(reader, "tcp-pool-input");
    reading.setDaemon(true);
    reading.start();
    List<Thread> workers = startWorkers(work);
    long drainEndNanos = Long.MAX_VALUE;
    while (!ended.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
      tick.run();
      if (stop.isRequested()) {
        long now = System.nanoTime();
        if (drainEndNanos == Long.MAX_VALUE) {
          drainEndNanos = now + drain.toNanos();
        } else if (now >= drainEndNanos) {
          workers.forEach(Thread::interrupt);
        }
      }
    }
    endEarly(); // or late: then there is nothing to end
    left = new ArrayList<>(dropped);
    left.addAll(backlog.rest());
  }

  private List<Thread> startWorkers(Work work) {
    List<Thread> workers = new ArrayList<>();
    for (int i = 1; i <= threads; i++) {
      Thread worker = new Thread(() -> work(work), "tcp-pool-worker-" + i);
      worker.setDaemon(true);
      worker.start();
      workers.add(worker);
    }
    return workers;
  }

  private void work(Work work) {
    try {
      for (byte[] message; (message = backlog.take()) != null; ) {
        if (!goesOn(work, message)) {
          endEarly();
        }
      }
    } catch (InterruptedException e) {
      // The drain time is over.
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  private boolean goesOn(Work work, byte[] message) {
    try {
      return work.on(message);
    } catch (RuntimeException | Error e) {
      dropped.add(message);
      boolean unused = bug.compareAndSet(null, e);
      return false;
    }
  }

  /** Throws what work has failed with in a way it should not; to be called after the run. */
  public void throwBug() {
    Throwable first = bug.get();
    if (first != null) {
      throw new IllegalStateException("work failed: " + first, first);
    }
  }

  private void endEarly() {
    reader.stop();
    backlog.close();
  }

  /** How many messages were read so far. */
  public long messages() {
    return reader.messages();
  }

  /** What was read and not worked on, in order; to be asked after the run. */
  public List<byte[]> left() {
    return left;
  }

  /** What was read behind the last whole message; to be asked after the run. */
  public byte[] remainder() {
    return reader.remainder();
  }

  /** Why standard input could not be read to its end, or null. */
  public @Nullable IOException failure() {
    return reader.failure();
  }
}
