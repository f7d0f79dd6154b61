package io.github.tcppool.cli;

import io.github.tcppool.CloseReport;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PoolSnapshot;
import io.github.tcppool.cli.terminal.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what was sent, and puts it into words. The counting is for use by several threads. */
final class SendTally {
  private final LongAdder messages = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final long startNanos = System.nanoTime();

  /** Where the last progress stood, so that the rate shown is that of the last moment. */
  private long shownMessages;

  private long shownNanos = startNanos;
  private String rate = "";

  void sent(int messageBytes) {
    messages.increment();
    bytes.add(messageBytes);
  }

  /** One line on how it is going; for one thread. */
  String progress(long read, long unsent) {
    long now = System.nanoTime();
    long sent = messages.sum();
    if (now - shownNanos >= 500_000_000L) {
      rate = " (" + Figures.rate(sent - shownMessages, Duration.ofNanos(now - shownNanos)) + ")";
      shownMessages = sent;
      shownNanos = now;
    }
    long waiting = Math.max(0, read - sent - unsent);
    return "sent "
        + Figures.count(sent)
        + rate
        + (waiting > 0 ? ", " + Figures.count(waiting) + " read and waiting" : "")
        + (unsent > 0 ? ", " + Figures.count(unsent) + " not sent" : "");
  }

  /** What was achieved. */
  List<String> summary(PoolSnapshot pool, CloseReport report) {
    Duration took = Duration.ofNanos(System.nanoTime() - startNanos).minus(report.took());
    long sent = messages.sum();
    List<String> lines = new ArrayList<>();
    lines.add(
        "sent "
            + Figures.count(sent, "message")
            + ", "
            + Figures.bytes(bytes.sum())
            + ", in "
            + Figures.time(took)
            + " ("
            + Figures.rate(sent, took)
            + ")");
    if (pool.endpoints().size() > 1) {
      pool.endpoints().forEach(endpoint -> lines.add("  " + share(endpoint)));
    }
    if (pool.resent() > 0) {
      lines.add(Figures.count(pool.resent(), "message") + " sent again after a connection broke");
    }
    if (report.forced() > 0) {
      lines.add(
          Figures.count(report.forced(), "connection")
              + " cut in the end: the server did not close its side in time");
    }
    return lines;
  }

  private static String share(EndpointSnapshot endpoint) {
    return endpoint.endpoint()
        + "  "
        + Figures.count(endpoint.messages(), "message")
        + ", "
        + Figures.count(endpoint.opened(), "connection")
        + " opened";
  }
}
