package io.github.tcppool.cli.demo;

import io.github.tcppool.HealthPolicy;
import io.github.tcppool.TcpPool;
import io.github.tcppool.cli.terminal.Figures;
import io.github.tcppool.cli.terminal.StopRequest;
import io.github.tcppool.cli.terminal.Terminal;
import io.github.tcppool.framing.Framing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Three servers, one pool over them, and four acts, in each of which one server fails in its own
 * way; in the end every message is accounted for.
 */
public final class Demo {
  private static final List<Script> ACTS =
      List.of(
          Script.ORDERLY_RESTART,
          Script.KILLED_WHILE_ASKED,
          Script.KILLED_WITH_UNREAD,
          Script.BROKEN);

  private final Terminal terminal;
  private final StopRequest stop;
  private final Pace pace;

  /** A demonstration that can be stopped early. */
  public Demo(Terminal terminal, StopRequest stop, Pace pace) {
    this.terminal = terminal;
    this.stop = stop;
    this.pace = pace;
  }

  /** Plays all acts; says whether the pool kept what it promises in those that were played. */
  public boolean play() throws InterruptedException {
    stop.onRequest(() -> {});
    List<Account> accounts = new ArrayList<>();
    try (Server a = new Server("A");
        Server b = new Server("B");
        Server c = new Server("C")) {
      List<Server> servers = List.of(a, b, c);
      Reconnects reconnects = new Reconnects();
      Screen screen = new Screen(terminal, servers, reconnects, pace.report());
      HealthNews news = new HealthNews(servers);
      try (TcpPool pool = pool(servers, reconnects, news)) {
        for (Script script : ACTS) {
          if (!stop.isRequested()) {
            screen.println("Act " + script.number() + ": " + script.title());
            accounts.add(new Act(script, pace, pool, servers, news, screen, stop).play());
          }
        }
      }
    }
    accounts(accounts).forEach(terminal.out()::println);
    terminal.out().flush();
    return accounts.stream().allMatch(Account::isAsPromised);
  }

  /** Health goes faster than by default, so that all of it can be seen within an act. */
  private TcpPool pool(List<Server> servers, Reconnects reconnects, HealthNews news) {
    return TcpPool.builder(servers.stream().map(Server::hostPort).toArray(String[]::new))
        .name("demo")
        .connections(2, 4)
        .callTimeout(Duration.ofSeconds(5))
        .connectTimeout(Duration.ofSeconds(1))
        .framing(Framing.lines())
        .health(
            HealthPolicy.defaults()
                .ejection(pace.outage().multipliedBy(5).dividedBy(4))
                .slowStart(pace.outage()))
        .listener(reconnects)
        .listener(news)
        .build();
  }

  /** What is printed at the end. */
  List<String> accounts(List<Account> accounts) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        String.format("%-48s%9s%10s%7s%11s", "act", "sent", "received", "lost", "duplicated"));
    for (Account account : accounts) {
      lines.add(
          String.format(
              "%-48s%9s%10s%7s%11s",
              account.script().number() + "  " + account.script().title(),
              Figures.count(account.sent()),
              Figures.count(account.received()),
              Figures.count(account.lost()),
              Figures.count(account.duplicated())));
      if (account.failed() > 0) {
        lines.add("   " + Figures.count(account.failed(), "call") + " failed");
      }
    }
    lines.add("");
    lines.addAll(explanation(accounts));
    return lines;
  }

  private List<String> explanation(List<Account> accounts) {
    List<String> lines = new ArrayList<>();
    accounts.stream()
        .filter(account -> !account.script().mustLoseNothing())
        .forEach(account -> lines.addAll(whyLost(account)));
    if (stop.isRequested()) {
      lines.add("Stopped early.");
    } else if (accounts.stream().allMatch(Account::isAsPromised)) {
      lines.add("Acts 1, 2 and 4 lost nothing, as promised.");
    } else {
      lines.add("FAILED: acts 1, 2 and 4 must lose nothing.");
    }
    return lines;
  }

  private static List<String> whyLost(Account account) {
    return List.of(
        "The "
            + Figures.count(account.lost(), "message")
            + " of act 3 had been taken by the kernel of the killed server, and its program had not"
            + " read them.",
        "No pool can save them: to the sender they look like delivered ones. Only a reply proves"
            + " delivery, as in act 2.",
        "");
  }
}
