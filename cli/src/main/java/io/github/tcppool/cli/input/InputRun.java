package io.github.tcppool.cli.input;

import io.github.tcppool.cli.terminal.StopRequest;
import io.github.tcppool.framing.Framing;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Works off standard input, message by message, by one thread or several, until it ends.
 *
 * <p>A request to stop ends the reading; what was read is worked off for as long as the drain time
 * lasts, then the workers are interrupted. What nobody has worked on by then is {@link #left()}.
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
    left = backlog.rest();
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
        if (!work.on(message)) {
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
