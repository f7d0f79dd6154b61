package io.github.tcppool.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.github.tcppool.CallOptions;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.benchmarks.Measured.Figure;
import io.github.tcppool.benchmarks.peers.HikariPeer;
import io.github.tcppool.framing.Framing;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Figures that are promises: fairness, waiting without a processor, dials side by side, memory. */
final class PromiseFigures {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final boolean quick;
  private final Report report;

  PromiseFigures(boolean quick, Report report) {
    this.quick = quick;
    this.report = report;
  }

  /** Takes, works, gives back; returns how long it waited, in ns. */
  private interface Holder {
    long hold(Runnable work) throws Exception;
  }

  // ---- fairness ----

  void fairness(ServerProcess sink) throws Exception {
    String what = "4 threads on 2 connections, each held for 1 ms: longest wait, ms";
    report.begin(what);
    long nanos = TimeUnit.SECONDS.toNanos(quick ? 3 : 10);
    double ours;
    try (TcpPool pool = PoolContender.open(sink.port(), 2, Framing.none())) {
      ours =
          longestWait(
              nanos,
              work -> {
                long begun = System.nanoTime();
                try (PooledSocket socket = pool.lease()) {
                  long waited = System.nanoTime() - begun;
                  work.run();
                  return socket.isClosed() ? 0 : waited;
                }
              });
    }
    double theirs;
    try (HikariPeer hikari = new HikariPeer(2)) {
      theirs = longestWait(nanos, hikari::hold);
    }
    report.add(
        new Measured(
            what,
            1,
            List.of(
                Figure.of("tcp-pool", Spread.of(ours)),
                Figure.against("HikariCP", Spread.of(theirs), Spread.of(ours / theirs))),
            "≤ 20",
            ours <= 20));
  }

  private static double longestWait(long nanos, Holder holder) throws Exception {
    long[] longest = new long[4];
    long end = System.nanoTime() + nanos;
    together(
        longest.length,
        i -> {
          while (System.nanoTime() - end < 0) {
            longest[i] = Math.max(longest[i], holder.hold(PromiseFigures::milli));
          }
        });
    return Arrays.stream(longest).max().orElse(0) / 1e6;
  }

  private static void milli() {
    long until = System.nanoTime() + MILLI;
    for (long left = MILLI; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private interface Part {
    void run(int index) throws Exception;
  }

  /** Runs the parts on threads of their own, and waits for all. */
  private static void together(int threads, Part part) throws Exception {
    CountDownLatch done = new CountDownLatch(threads);
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    for (int i = 0; i < threads; i++) {
      int index = i;
      Threads.platform()
          .newThread(
              () -> {
                try {
                  part.run(index);
                } catch (Exception e) {
                  failure.compareAndSet(null, e);
                }
                done.countDown();
              })
          .start();
    }
    done.await();
    Exception failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  // ---- waiting ----

  void waitingCosts(ServerProcess sink) throws Exception {
    String what = "2,000 callers waiting for a connection: processor, % of a core";
    report.begin(what);
    int seconds = quick ? 2 : 5;
    Spread used;
    try (TcpPool pool =
        TcpPool.builder("127.0.0.1:" + sink.port())
            .connections(1)
            .maxPending(3_000)
            .connectEagerly()
            .build()) {
      PooledSocket held = pool.lease();
      for (int i = 0; i < 2_000; i++) {
        Threads.platform().newThread(() -> waitInVain(pool)).start();
      }
      while (pool.snapshot().waiting() < 2_000) {
        Thread.sleep(1);
      }
      Thread.sleep(500); // until the last thread has gone to sleep
      double[] shares = new double[seconds];
      for (int i = 0; i < seconds; i++) {
        long before = processNanos();
        Thread.sleep(1_000);
        shares[i] = (processNanos() - before) / 1e7;
      }
      used = Spread.of(shares);
      held.close();
    }
    report.add(Measured.ours(what, 2, used, "< 2", used.median() < 2));
  }

  private static void waitInVain(TcpPool pool) {
    try {
      pool.lease(CallOptions.within(Duration.ofSeconds(60))).close();
    } catch (IOException e) {
      // the pool was closed: that is how the waiting ends
    }
  }

  private static long processNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  // ---- dials ----

  void dials() throws Exception {
    String what = "20 callers at once, dials of 1 s, 10 at a time: all served after, s";
    report.begin(what);
    BareEngine engine = BareEngine.dialing(20, 10, TimeUnit.SECONDS.toNanos(1));
    long begun = System.nanoTime();
    together(20, i -> engine.acquire());
    double seconds = (System.nanoTime() - begun) / 1e9;
    report.add(Measured.ours(what, 2, Spread.of(seconds), "about 2", seconds < 2.5));
  }

  // ---- memory ----

  void idle(ServerProcess sink) throws Exception {
    int connections = quick ? 2_000 : 10_000;
    String many = String.format(Locale.ROOT, "%,d idle connections", connections);
    report.begin(many);
    long heap = heapBytes();
    long descriptors = ThisProcess.descriptors();
    try (TcpPool pool =
        TcpPool.builder("127.0.0.1:" + sink.port())
            .name("idle")
            .connections(connections)
            .maxDials(16)
            .callTimeout(Duration.ofMinutes(2))
            .connectEagerly()
            .build()) {
      byte[] message = Contender.message(Contender.MESSAGE_BYTES);
      for (int i = 0; i < connections; i++) {
        pool.send(message); // so that each has been at work, and holds buffers
      }
      double busy = ThisProcess.directBytes() / (double) connections;
      Thread.sleep(3_000); // until housekeeping has taken them away
      double each = (heapBytes() - heap) / (double) connections;
      double open = (ThisProcess.descriptors() - descriptors) / (double) connections;
      report.add(
          Measured.ours(many + ": heap each, B", 0, Spread.of(each), "≤ 4096", each <= 4096));
      report.add(
          new Measured(
              many + ": direct buffers each, B",
              0,
              List.of(
                  Figure.of("tcp-pool, at work a moment ago", Spread.of(busy)),
                  Figure.of(
                      "tcp-pool, idle",
                      Spread.of(ThisProcess.directBytes() / (double) connections))),
              "",
              null));
      report.add(Measured.ours(many + ": descriptors each", 2, Spread.of(open), "1", open < 1.05));
      sweeps(many);
    }
  }

  private void sweeps(String many) throws InterruptedException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long timer = -1;
    for (long id : threads.getAllThreadIds()) {
      var info = threads.getThreadInfo(id);
      timer = info != null && info.getThreadName().equals("idle-timer") ? id : timer;
    }
    double[] millis = new double[quick ? 3 : 10];
    for (int i = 0; i < millis.length; i++) {
      long before = threads.getThreadCpuTime(timer);
      Thread.sleep(1_000);
      millis[i] = (threads.getThreadCpuTime(timer) - before) / 1e6;
    }
    Spread each = Spread.of(millis);
    report.add(
        Measured.ours(
            many + ": housekeeping, ms of processor per s", 2, each, "≤ 5", each.median() <= 5));
  }

  private static long heapBytes() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  // ---- growth ----

  /** Full load for a while; what the process holds near the beginning and at the end. */
  void steady(ServerProcess sink, ServerProcess echo, int minutes) throws Exception {
    String what = minutes + " minutes of full load from 16 threads: ";
    report.begin(what);
    List<Figure> heap = new ArrayList<>();
    List<Figure> resident = new ArrayList<>();
    List<Figure> descriptors = new ArrayList<>();
    try (TcpPool sending = PoolContender.open(sink.port(), 10, Framing.none());
        TcpPool asking =
            PoolContender.open(echo.port(), 10, Framing.fixed(Contender.MESSAGE_BYTES))) {
      byte[] message = Contender.message(Contender.MESSAGE_BYTES);
      for (int minute = 0; minute <= minutes; minute++) {
        if (minute > 0) {
          long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
          together(
              16,
              i -> {
                while (System.nanoTime() - end < 0) {
                  sending.send(message);
                  byte[] unused = asking.exchange(message);
                }
              });
        }
        if (minute == 1 || minute == minutes) {
          String who = "tcp-pool, after " + minute + " min";
          heap.add(Figure.of(who, Spread.of(heapBytes() / 1024.0)));
          resident.add(Figure.of(who, Spread.of(ThisProcess.residentBytes() / 1024.0)));
          descriptors.add(Figure.of(who, Spread.of((double) ThisProcess.descriptors())));
        }
      }
    }
    report.add(new Measured(what + "heap, KiB", 0, heap, "no growth", isFlat(heap, 256)));
    report.add(new Measured(what + "resident memory, KiB", 0, resident, "", null));
    report.add(
        new Measured(what + "descriptors", 0, descriptors, "no growth", isFlat(descriptors, 4)));
  }

  private static boolean isFlat(List<Figure> figures, double slack) {
    Spread first = figures.get(0).value();
    Spread last = figures.get(figures.size() - 1).value();
    return first != null && last != null && last.median() - first.median() <= slack;
  }
}
