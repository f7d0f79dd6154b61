package io.github.tcppool.cli.demo;

import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PoolSnapshot;
import io.github.tcppool.cli.terminal.Figures;
import io.github.tcppool.cli.terminal.HealthText;
import io.github.tcppool.cli.terminal.Terminal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Shows how the demonstration is going: a table redrawn in place on a terminal, a plain line now
 * and then elsewhere. For use by several threads.
 */
final class Screen {
  private static final String WRAP_OFF = "\u001b[?7l";
  private static final String WRAP_ON = "\u001b[?7h";

  private final PrintStream out;
  private final boolean live;
  private final List<Server> servers;
  private final Reconnects reconnects;
  private final long reportNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private int tableLines;
  private long reportedNanos;

  Screen(Terminal terminal, List<Server> servers, Reconnects reconnects, Duration report) {
    this.out = terminal.out();
    this.live = terminal.outIsScreen();
    this.servers = servers;
    this.reconnects = reconnects;
    this.reportNanos = report.toNanos();
  }

  /** Prints a line that stays, above the table. */
  void println(String line) {
    lock.lock();
    try {
      erase();
      out.println(line);
      out.flush();
    } finally {
      lock.unlock();
    }
  }

  /** Prints what has just happened. */
  void event(Script script, Duration at, String what) {
    println(String.format(Locale.ROOT, "act %d %5.1f s  %s", script.number(), seconds(at), what));
  }

  /** Shows how things stand; to be called several times a second. */
  void show(Progress progress, PoolSnapshot pool) {
    lock.lock();
    try {
      if (live) {
        erase();
        List<String> table = table(progress, pool);
        out.print(WRAP_OFF + String.join("\n", table) + "\n" + WRAP_ON);
        tableLines = table.size();
      } else if (System.nanoTime() - reportedNanos >= reportNanos) {
        reportedNanos = System.nanoTime();
        out.println(line(progress, pool));
      }
      out.flush();
    } finally {
      lock.unlock();
    }
  }

  /** Takes the table away, as the next act gets its own. */
  void clear() {
    lock.lock();
    try {
      erase();
      out.flush();
    } finally {
      lock.unlock();
    }
  }

  private void erase() {
    if (tableLines > 0) {
      out.print("\u001b[" + tableLines + "A\r\u001b[J");
      tableLines = 0;
    }
  }

  private List<String> table(Progress progress, PoolSnapshot pool) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        String.format(
            "  %-17s%-9s%-16s%12s%9s%9s%6s%11s%9s%11s%10s%8s",
            "endpoint",
            "server",
            "state",
            "connections",
            "picks",
            "messages",
            "load",
            "round trip",
            "failures",
            "reconnects",
            "ejections",
            "probes"));
    for (int i = 0; i < servers.size(); i++) {
      EndpointSnapshot endpoint = pool.endpoints().get(i);
      String address = endpoint.endpoint().toString();
      lines.add(
          String.format(
              "%s %-17s%-9s%-16s%12d%9s%9s%6s%11s%9d%11d%10d%8d",
              servers.get(i).name(),
              address,
              servers.get(i).state(),
              HealthText.of(endpoint.health()),
              endpoint.idle() + endpoint.leased(),
              Figures.count(endpoint.picks()),
              Figures.count(endpoint.messages()),
              Figures.count(endpoint.load()),
              endpoint.roundTrip().isZero() ? "-" : Figures.time(endpoint.roundTrip()),
              reconnects.failures(address),
              reconnects.reconnects(address),
              endpoint.health().ejections(),
              endpoint.health().checks().probes()));
    }
    lines.add("  " + summary(progress));
    return lines;
  }

  private String line(Progress progress, PoolSnapshot pool) {
    StringBuilder line = new StringBuilder(summary(progress));
    for (int i = 0; i < servers.size(); i++) {
      EndpointSnapshot endpoint = pool.endpoints().get(i);
      line.append("  | ")
          .append(servers.get(i).name())
          .append(' ')
          .append(HealthText.of(endpoint.health()))
          .append(' ')
          .append(Figures.count((long) endpoint.idle() + endpoint.leased(), "connection"))
          .append(' ')
          .append(Figures.count(endpoint.picks(), "pick"));
    }
    return line.toString();
  }

  private static String summary(Progress progress) {
    return String.format(
        Locale.ROOT,
        "act %d %5.1f s  sent %s, received %s, failed %s",
        progress.script().number(),
        seconds(progress.elapsed()),
        Figures.count(progress.sent()),
        Figures.count(progress.received()),
        Figures.count(progress.failed()));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1_000.0;
  }

  /**
   * How an act stands.
   *
   * @param script the act
   * @param elapsed how long it has been going on
   * @param sent messages handed to the pool
   * @param received messages read by servers, those that came twice included
   * @param failed calls that have failed
   */
  record Progress(Script script, Duration elapsed, int sent, long received, long failed) {}
}
