package io.github.tcppool.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.cli.terminal.Escape;
import io.github.tcppool.cli.terminal.Signals;
import io.github.tcppool.cli.terminal.StopRequest;
import io.github.tcppool.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The entry point: puts the commands together and turns what they throw into one line. */
@Command(
    name = "tcp-pool",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Sends to TCP servers through a pool of connections that reconnects by itself.",
    footer = {
      "",
      "Examples:",
      "  tcp-pool demo                                 see what it does, in half a minute",
      "  tcp-pool serve --port 9999 --print            a server to try the rest on",
      "  tcp-pool send localhost:9999 < lines.txt      send every line as a message",
      "  tcp-pool exchange localhost:9999              ask line by line",
      "  tcp-pool probe example.org:443                does every address answer?",
      "",
      "tcp-pool COMMAND --help tells more, exit codes included."
    })
public final class Main implements Runnable {
  @Spec CommandSpec spec;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Show the log of the pool, and stack traces of errors.")
  private boolean verbose;

  private final Terminal terminal;
  private final StopRequest stop;

  Main(Terminal terminal, StopRequest stop) {
    this.terminal = terminal;
    this.stop = stop;
  }

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    Terminal terminal = Terminal.ofProcess();
    StopRequest stop = new StopRequest();
    Signals.handle(stop, terminal);
    int code = new Main(terminal, stop).run(arguments);
    terminal.restore();
    System.exit(code); // threads that wait for input must not keep us
  }

  /** Runs a command in this process and returns its exit code. */
  int run(String... arguments) {
    CommandLine commandLine =
        new CommandLine(this)
            .addSubcommand(new DemoCommand(terminal, stop))
            .addSubcommand(new ServeCommand(terminal, stop))
            .addSubcommand(new SendCommand(terminal, stop))
            .addSubcommand(new ExchangeCommand(terminal, stop))
            .addSubcommand(new ProbeCommand(terminal))
            .setOut(new PrintWriter(terminal.out(), true, UTF_8))
            .setErr(new PrintWriter(terminal.err(), true, UTF_8))
            .setExpandAtFiles(false) // an argument is what it says, not a file of more of them
            .setUsageHelpAutoWidth(terminal.outIsScreen())
            .setParameterExceptionHandler(this::wrongUse)
            .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure));
    commandLine.setExecutionStrategy(this::execute);
    return commandLine.execute(arguments);
  }

  private int execute(ParseResult parsed) {
    // Read once, when the library makes its first logger; so before any command touches it.
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "debug" : "off");
    return new CommandLine.RunLast().execute(parsed);
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private int wrongUse(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    terminal.err().println("tcp-pool: " + Escape.text(String.valueOf(failure.getMessage())));
    terminal.err().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCodes.WRONG_USE;
  }

  private int failed(Exception failure) {
    boolean expected = failure instanceof LocalTroubleException;
    String what = expected ? "" : "this is a bug; with --verbose it shows where: ";
    terminal.err().println("tcp-pool: " + what + Explain.failure(failure));
    if (verbose) {
      printTrace(failure);
    }
    return expected ? ExitCodes.LOCAL_TROUBLE : ExitCodes.BUG;
  }

  /** Messages of exceptions may hold what a peer said, so every line is made safe to show. */
  private void printTrace(Exception failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    trace
        .toString()
        .lines()
        .forEach(line -> terminal.err().println(Escape.text(line.replace("\t", "    "))));
  }
}
