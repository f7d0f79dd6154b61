package io.github.tcppool.benchmarks;

import io.github.tcppool.PickOrder;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.benchmarks.Measured.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a call costs as the pool grows: connections, endpoints, callers that wait. */
final class GrowthFigures {

  private static final int BATCH = 2_000;

  private final int rounds;
  private final Report report;

  /** With so many batches each. */
  GrowthFigures(int rounds, Report report) {
    this.rounds = rounds;
    this.report = report;
  }

  private interface Step {
    void perform() throws IOException;
  }

  void connections(List<Integer> sizes) throws IOException {
    List<Figure> last = new ArrayList<>();
    List<Figure> turn = new ArrayList<>();
    for (int size : sizes) {
      report.begin("acquire and release, connections per endpoint: " + size);
      BareEngine engine = BareEngine.filled(1, size, Balancer.roundRobin());
      String who = String.format(Locale.ROOT, "tcp-pool, %,d connections", size);
      last.add(Figure.of(who, nanos(() -> engine.cycle(PickOrder.LAST_USED))));
      turn.add(Figure.of(who, nanos(() -> engine.cycle(PickOrder.ROTATE))));
    }
    add("acquire and release, order of `lease`, 1 endpoint, ns", last);
    add("acquire and release, order of `send`, 1 endpoint, ns", turn);
  }

  void endpoints(List<Integer> sizes) throws IOException {
    List<Figure> robin = new ArrayList<>();
    List<Figure> loaded = new ArrayList<>();
    for (int size : sizes) {
      report.begin("pick, acquire and release, endpoints: " + size);
      String who = String.format(Locale.ROOT, "tcp-pool, %,d endpoints", size);
      BareEngine first = BareEngine.filled(size, 1, Balancer.roundRobin());
      robin.add(Figure.of(who, nanos(() -> first.cycle(PickOrder.LAST_USED))));
      BareEngine second = BareEngine.filled(size, 1, Balancer.leastLoaded());
      loaded.add(Figure.of(who, nanos(() -> second.cycle(PickOrder.LAST_USED))));
    }
    add("pick, acquire and release, `roundRobin`, 1 connection each, ns", robin);
    add("pick, acquire and release, `leastLoaded`, 1 connection each, ns", loaded);
  }

  /** Flat, or at most logarithmic: ten times as many may cost as much again as the first. */
  private void add(String what, List<Figure> figures) {
    Measured measured =
        new Measured(what, 0, figures, "flat, at most logarithmic", isLogarithmic(figures));
    report.add(measured);
    Report.plot(
        report.chart(
            "growth",
            "What acquire and release cost as the pool grows",
            "nanoseconds; a call with I/O costs thousands",
            false),
        what,
        measured);
  }

  private static boolean isLogarithmic(List<Figure> figures) {
    Spread first = figures.get(0).value();
    Spread last = figures.get(figures.size() - 1).value();
    return first != null && last != null && last.median() <= figures.size() * first.median();
  }

  private Spread nanos(Step step) throws IOException {
    double[] all = new double[rounds];
    for (int i = -rounds; i < rounds; i++) {
      long begun = System.nanoTime();
      for (int k = 0; k < BATCH; k++) {
        step.perform();
      }
      if (i >= 0) {
        all[i] = (System.nanoTime() - begun) / (double) BATCH;
      }
    }
    return Spread.of(all);
  }

  /** How long it takes to pass one connection from each waiter to the next. */
  void waiters(List<Integer> sizes) throws IOException, InterruptedException {
    ThreadFactory virtual = Threads.virtual();
    List<Figure> figures = new ArrayList<>();
    for (int size : sizes) {
      report.begin("handing over, callers that wait: " + size);
      String who = String.format(Locale.ROOT, "tcp-pool, %,d waiters", size);
      if (size > 1_000 && virtual == null) {
        figures.add(Figure.missing(who, "needs JDK 21"));
        continue;
      }
      ThreadFactory threads = virtual == null ? Threads.platform() : virtual;
      double[] all = new double[5];
      for (int i = -2; i < all.length; i++) {
        double nanos = handOver(size, threads);
        if (i >= 0) {
          all[i] = nanos;
        }
      }
      figures.add(Figure.of(who, Spread.of(all)));
    }
    report.add(
        new Measured(
            "one connection passed down a line of waiters, per waiter, ns", 0, figures, "", null));
  }

  private static double handOver(int waiters, ThreadFactory threads)
      throws IOException, InterruptedException {
    BareEngine engine = BareEngine.filled(1, 1, Balancer.roundRobin());
    Runnable first = engine.acquire();
    CountDownLatch served = new CountDownLatch(waiters);
    AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    AtomicLong ended = new AtomicLong();
    for (int i = 0; i < waiters; i++) {
      threads
          .newThread(
              () -> {
                try {
                  engine.acquire().run();
                  ended.set(System.nanoTime());
                } catch (IOException e) {
                  failure.set(e);
                }
                served.countDown();
              })
          .start();
    }
    while (engine.waiting() < waiters) {
      Thread.sleep(1);
    }
    long begun = System.nanoTime();
    first.run();
    served.await();
    IOException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    return (ended.get() - begun) / (double) waiters;
  }
}
