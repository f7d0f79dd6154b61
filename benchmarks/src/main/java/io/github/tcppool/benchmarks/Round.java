package io.github.tcppool.benchmarks;

import io.github.tcppool.benchmarks.Contender.Operation;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
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

  private final long intervalNanos;
  private final boolean alone;

  private Round(Race.Load load) {
    intervalNanos = load.intervalNanos();
    alone = load.threads() == 1;
    ready = new CountDownLatch(load.threads());
    done = new CountDownLatch(load.threads());
  }

  /** An empty histogram, as all rounds use them. */
  static Histogram histogram() {
    return new Histogram(HIGHEST_LATENCY_NANOS, 3);
  }

  /** Runs one round. */
  static Result run(Contender contender, Race.Load load, long nanos)
      throws IOException, InterruptedException {
    Round round = new Round(load);
    Histogram[] latencies = new Histogram[load.threads()];
    for (int i = 0; i < load.threads(); i++) {
      Operation operation = contender.operation(i);
      Histogram mine = load.timed() ? histogram() : null;
      latencies[i] = mine;
      load.factory().newThread(() -> round.work(operation, mine)).start();
    }
    return round.conduct(nanos, load.timed() ? latencies : new Histogram[0]);
  }

  private Result conduct(long nanos, Histogram[] latencies)
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
    return new Result(operations.get(), operations.get() * 1e9 / tookNanos, together(latencies));
  }

  private static @Nullable Histogram together(Histogram[] latencies) {
    if (latencies.length == 0) {
      return null;
    }
    Histogram all = histogram();
    for (Histogram one : latencies) {
      all.add(one);
    }
    return all;
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

  /** One thread looks at the clock until then; of several, all but a few would be in the way. */
  private void awaitDue(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      if (alone) {
        Thread.onSpinWait(); // sleeping is not exact enough
      } else {
        LockSupport.parkNanos(left);
      }
    }
  }

  private long repeatTimed(Operation operation, Histogram latencyNanos) throws IOException {
    long count = 0;
    long due = System.nanoTime();
    while (!over) {
      if (intervalNanos > 0) {
        awaitDue(due);
      }
      operation.perform();
      long now = System.nanoTime();
      latencyNanos.recordValue(Math.min(now - due, HIGHEST_LATENCY_NANOS));
      due = intervalNanos > 0 ? due + intervalNanos : now;
      count++;
    }
    return count;
  }
}
