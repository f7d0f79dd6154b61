package io.github.tcppool.benchmarks;

import io.github.tcppool.benchmarks.Contender.Operation;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One contender at work for a while, with a number of threads that begin and end together. */
final class Round {

  /**
   * What came of it.
   *
   * @param operations how many were done
   * @param perSecond how many per second
   * @param latencyNanos how long each took, where that was asked for
   */
  record Result(long operations, double perSecond, @Nullable Histogram latencyNanos) {

    double medianMicros() {
      return percentileMicros(50);
    }

    double percentileMicros(double percentile) {
      if (latencyNanos == null) {
        throw new IllegalStateException("latencies were not recorded");
      }
      return latencyNanos.getValueAtPercentile(percentile) / 1e3;
    }
  }

  private static final long HIGHEST_LATENCY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int STUCK_SECONDS = 60;

  private final AtomicLong operations = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final CountDownLatch ready;
  private final CountDownLatch go = new CountDownLatch(1);
  private final CountDownLatch done;

  /** Counted down when a thread fails, so that the round ends early. */
  private final CountDownLatch failed = new CountDownLatch(1);

  private volatile boolean over;

  private Round(int threads) {
    ready = new CountDownLatch(threads);
    done = new CountDownLatch(threads);
  }

  /**
   * Runs one round.
   *
   * @param timed whether to record how long each operation takes; for one thread only
   */
  static Result run(
      Contender contender, int threads, ThreadFactory factory, long nanos, boolean timed)
      throws IOException, InterruptedException {
    Histogram latencyNanos = timed ? new Histogram(HIGHEST_LATENCY_NANOS, 3) : null;
    Round round = new Round(threads);
    for (int i = 0; i < threads; i++) {
      Operation operation = contender.operation(i);
      factory.newThread(() -> round.work(operation, latencyNanos)).start();
    }
    return round.conduct(nanos, latencyNanos);
  }

  private Result conduct(long nanos, @Nullable Histogram latencyNanos)
      throws IOException, InterruptedException {
    ready.await();
    long begun = System.nanoTime();
    go.countDown();
    boolean early = failed.await(nanos, TimeUnit.NANOSECONDS);
    over = true;
    if (!done.await(STUCK_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("an operation did not end within " + STUCK_SECONDS + " s");
    }
    long tookNanos = System.nanoTime() - begun;
    if (early || failure.get() != null) {
      throw new IOException("an operation failed", failure.get());
    }
    return new Result(operations.get(), operations.get() * 1e9 / tookNanos, latencyNanos);
  }

  private void work(Operation operation, @Nullable Histogram latencyNanos) {
    long count = 0;
    ready.countDown();
    try {
      go.await();
      count = latencyNanos == null ? repeat(operation) : repeatTimed(operation, latencyNanos);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      failure.compareAndSet(null, e);
      failed.countDown();
    } finally {
      operations.addAndGet(count);
      done.countDown();
    }
  }

  private long repeat(Operation operation) throws IOException {
    long count = 0;
    while (!over) {
      operation.perform();
      count++;
    }
    return count;
  }

  private long repeatTimed(Operation operation, Histogram latencyNanos) throws IOException {
    long count = 0;
    long last = System.nanoTime();
    while (!over) {
      operation.perform();
      long now = System.nanoTime();
      latencyNanos.recordValue(Math.min(now - last, HIGHEST_LATENCY_NANOS));
      last = now;
      count++;
    }
    return count;
  }
}
