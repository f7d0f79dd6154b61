package io.github.tcppool.benchmarks;

import io.github.tcppool.benchmarks.Contender.Operation;
import io.github.tcppool.benchmarks.Measured.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a restart of the server costs who has idle connections: how many of the next calls fail, and
 * how many messages nobody receives although the call succeeded.
 */
final class RestartFigures {

  private static final int CONNECTIONS = 100;
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Report report;

  RestartFigures(Report report) {
    this.report = report;
  }

  /** What came of as many calls as there are connections, after the restart. */
  private record Outcome(int failed, int lost) {}

  private interface Opener {
    Contender open(int port) throws IOException;
  }

  void measure() throws IOException {
    String what = "server restarted under " + CONNECTIONS + " idle connections: ";
    report.begin(what);
    int bytes = Contender.MESSAGE_BYTES;
    Outcome sent =
        restart(LoadServer.Mode.SINK, port -> PoolContender.sending(port, CONNECTIONS, bytes));
    Outcome asked =
        restart(LoadServer.Mode.ECHO, port -> PoolContender.exchanging(port, CONNECTIONS, bytes));
    Outcome raw =
        restart(LoadServer.Mode.SINK, port -> RawContender.sending(port, CONNECTIONS, bytes));
    report.add(
        row(what + "`exchange`s that failed", asked.failed(), List.of(), asked.failed() == 0));
    report.add(
        row(
            what + "`send`s that failed",
            sent.failed(),
            List.of(Figure.of("raw Socket", Spread.of(raw.failed()))),
            sent.failed() == 0));
    report.add(
        row(
            what + "messages lost in silence",
            sent.lost(),
            List.of(Figure.of("raw Socket", Spread.of(raw.lost()))),
            sent.lost() == 0));
  }

  private static Measured row(String what, double ours, List<Figure> others, boolean reached) {
    List<Figure> figures = new ArrayList<>();
    figures.add(Figure.of("tcp-pool", Spread.of(ours)));
    figures.addAll(others);
    return new Measured(what, 0, figures, "0", reached);
  }

  private static Outcome restart(LoadServer.Mode mode, Opener opener) throws IOException {
    LoadServer first = LoadServer.start(mode);
    try (Contender contender = opener.open(first.port())) {
      Operation operation = contender.operation(0);
      for (int i = 0; i < CONNECTIONS; i++) {
        operation.perform(); // each connection has been at work
      }
      int unused = settled(first, CONNECTIONS); // so that it has read all, and closes with a FIN
      first.close();
      try (LoadServer second = LoadServer.start(mode, first.port())) {
        return calls(operation, second);
      }
    } finally {
      first.close();
    }
  }

  private static Outcome calls(Operation operation, LoadServer server) {
    int failed = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
      try {
        operation.perform();
      } catch (IOException e) {
        failed++;
      }
    }
    int succeeded = CONNECTIONS - failed;
    return new Outcome(failed, succeeded - settled(server, succeeded));
  }

  /** Waits until the server has received so many messages, or for two seconds; how many it has. */
  private static int settled(LoadServer server, int messages) {
    long begun = System.nanoTime();
    int received = 0;
    while (received < messages && System.nanoTime() - begun < SETTLE_NANOS) {
      received = Math.toIntExact(server.bytesReceived() / Contender.MESSAGE_BYTES);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    return received;
  }
}
