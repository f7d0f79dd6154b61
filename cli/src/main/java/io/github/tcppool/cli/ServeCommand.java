package io.github.tcppool.cli;

import io.github.tcppool.cli.serve.LinePrinter;
import io.github.tcppool.cli.serve.Server;
import io.github.tcppool.cli.terminal.Figures;
import io.github.tcppool.cli.terminal.StatusLine;
import io.github.tcppool.cli.terminal.StopRequest;
import io.github.tcppool.cli.terminal.Terminal;
import io.github.tcppool.cli.tls.Fingerprint;
import io.github.tcppool.cli.tls.ThrowAwayKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a server for trying things, until Ctrl-C. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    sortOptions = false,
    description = {
      "Runs a server that takes everything (sink) or sends it back (echo), until Ctrl-C.",
      "",
      "With --print it does what \"ncat -l -k\" does: what it receives goes to standard output."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "2:wrong use",
      "3:trouble on this machine: the port is taken, or standard output is closed",
      "130:ended by Ctrl-C (143: by kill)"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tcp-pool serve --port 9999 --print",
      "  tcp-pool serve echo --port 7000 --bind 0.0.0.0"
    })
final class ServeCommand implements Callable<Integer> {
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);

  /** What the server does beside reading. */
  enum Kind {
    sink,
    echo
  }

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "sink|echo",
      defaultValue = "sink",
      description = "What to do with what is received. Default: sink.")
  private Kind kind;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      defaultValue = "0",
      description = "The port to listen on. Default: a free one.")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description = "The address to listen on, 0.0.0.0 for all. Default: 127.0.0.1.")
  private @Nullable String bind;

  @Option(
      names = "--tls",
      description = {
        "Speak TLS, with a certificate that is made for this run and vouches for itself; its",
        "fingerprint is printed. Clients need --tls --insecure, or trust in that certificate."
      })
  private boolean tls;

  @Option(names = "--print", description = "Print what is received on standard output.")
  private boolean print;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Serve at most so many clients at a time. Default: 1000.")
  private int maxConnections;

  @Option(
      names = "--drain",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = DurationConverter.class,
      description = "Time after Ctrl-C for clients to end. Default: 5s.")
  private Duration drain;

  private final Terminal terminal;
  private final StopRequest stop;
  private final StatusLine status;

  ServeCommand(Terminal terminal, StopRequest stop) {
    this.terminal = terminal;
    this.stop = stop;
    this.status = new StatusLine(terminal);
  }

  @Override
  public Integer call() throws LocalTroubleException, InterruptedException {
    require(port >= 0 && port <= 65_535, "--port must be 0 to 65535, but was " + port);
    require(maxConnections >= 1, "--max-connections must be at least 1, but was " + maxConnections);
    ThrowAwayKey key = tls ? makeKey() : null;
    LinePrinter printer = print ? new LinePrinter(terminal.out(), terminal.outIsScreen()) : null;
    try (Server server = listen(printer, key)) {
      stop.onRequest(() -> {});
      server.start();
      if (key != null) {
        status.println("certificate SHA-256 " + Fingerprint.of(key.certificate()));
      }
      status.println("listening on " + text(server.address()) + " (" + kind + "), Ctrl-C ends");
      boolean stopped = watch(server, printer);
      int cut = server.stop(drain);
      status.println(totals(server) + (cut > 0 ? ", " + cut + " cut in the end" : ""));
      if (!stopped) {
        throw new LocalTroubleException("cannot write standard output", null);
      }
      return stop.exitCode(ExitCodes.DONE);
    }
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), rule);
    }
  }

  private ThrowAwayKey makeKey() throws LocalTroubleException {
    try {
      return ThrowAwayKey.make(bind == null ? "127.0.0.1" : address(bind).getHostAddress());
    } catch (IOException e) {
      throw new LocalTroubleException("cannot make a certificate", e);
    }
  }

  private InetAddress address(String name) {
    try {
      return InetAddress.getByName(name);
    } catch (UnknownHostException e) {
      throw new ParameterException(
          spec.commandLine(), "--bind must be an address of this machine, but was " + name, e);
    }
  }

  private Server listen(@Nullable LinePrinter printer, @Nullable ThrowAwayKey key)
      throws LocalTroubleException {
    String where = (bind == null ? "127.0.0.1" : bind) + " port " + port;
    try {
      InetAddress address =
          bind == null ? InetAddress.getByAddress(new byte[] {127, 0, 0, 1}) : address(bind);
      boolean echo = kind == Kind.echo;
      return new Server(
          new InetSocketAddress(address, port),
          maxConnections,
          echo,
          printer,
          key == null ? null : key.context());
    } catch (IOException e) {
      throw new LocalTroubleException("cannot listen on " + where, e);
    }
  }

  /** Reports how it goes until the end is asked for; false if nobody reads what is printed. */
  private boolean watch(Server server, @Nullable LinePrinter printer) throws InterruptedException {
    Rate rate = new Rate(server);
    long reportedNanos = System.nanoTime();
    while (!stop.await(TICK)) {
      if (printer != null && printer.isBroken()) {
        return false;
      }
      String line = rate.line();
      long now = System.nanoTime();
      if (terminal.errIsScreen() && !(print && terminal.outIsScreen())) {
        status.show(line);
      } else if (now - reportedNanos >= REPORT_INTERVAL.toNanos()) {
        reportedNanos = now;
        if (rate.isMoving()) {
          status.println(line);
        }
      }
    }
    return true;
  }

  private static String totals(Server server) {
    return "received "
        + Figures.count(server.lines(), "line")
        + ", "
        + Figures.bytes(server.bytes())
        + ", over "
        + Figures.count(server.connections(), "connection");
  }

  private static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** How much comes in per second, over the last second or so. */
  private static final class Rate {
    private final Server server;
    private long sinceNanos = System.nanoTime();
    private long lines;
    private long bytes;
    private String text = "";
    private boolean moving;

    Rate(Server server) {
      this.server = server;
    }

    String line() {
      Duration window = Duration.ofNanos(System.nanoTime() - sinceNanos);
      if (window.toMillis() >= 1_000) {
        text =
            ", now "
                + Figures.rate(server.lines() - lines, window).replace("/s", " lines/s")
                + " and "
                + Figures.bytes(Math.round((server.bytes() - bytes) / (window.toNanos() / 1e9)))
                + "/s";
        moving = server.bytes() != bytes;
        lines = server.lines();
        bytes = server.bytes();
        sinceNanos += window.toNanos();
      }
      return totals(server) + ", " + Figures.count(server.open()) + " open" + text;
    }

    boolean isMoving() {
      return moving;
    }
  }
}
