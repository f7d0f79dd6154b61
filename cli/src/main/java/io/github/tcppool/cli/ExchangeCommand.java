package io.github.tcppool.cli;

import io.github.tcppool.CallFailure;
import io.github.tcppool.CallOptions;
import io.github.tcppool.TcpPool;
import io.github.tcppool.cli.input.InputRun;
import io.github.tcppool.cli.terminal.Escape;
import io.github.tcppool.cli.terminal.Figures;
import io.github.tcppool.cli.terminal.StatusLine;
import io.github.tcppool.cli.terminal.StopRequest;
import io.github.tcppool.cli.terminal.Terminal;
import io.github.tcppool.framing.None;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks a server line by line, and prints its replies in the same order. */
@Command(
    name = "exchange",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    sortOptions = false,
    description = {
      "Sends each line of standard input as a request and prints its reply as a line.",
      "",
      "One request at a time, so replies come in the order of requests. The first one without a reply"
          + " ends the run, unless --keep-going is given."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every request got its reply",
      "1:some requests got no reply, or were not asked; standard error names them",
      "2:wrong use; nothing was asked",
      "3:trouble on this machine: standard input or output",
      "130:ended by Ctrl-C after the request under way (143: by kill)"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  printf 'PING\\n' | tcp-pool exchange localhost:6379",
      "  tcp-pool exchange --idempotent --timeout 2s a:7000 b:7000 < queries.txt > replies.txt",
      "  tcp-pool exchange --framing 'delimiter:\\x1c\\r' hl7.example:2575 < one-line-messages.txt"
    })
final class ExchangeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private PoolArguments poolArguments;
  @Mixin private InputArguments input;

  @Option(
      names = "--idempotent",
      description = "The servers may get a request twice: ask again when a reply is lost.")
  private boolean idempotent;

  @Option(names = "--keep-going", description = "Ask on after a request that got no reply.")
  private boolean keepGoing;

  @Option(
      names = "--escape",
      description = "Escape control characters in replies; always so on a terminal.")
  private boolean escape;

  private final Terminal terminal;
  private final StopRequest stop;
  private final StatusLine status;

  /** Written by the one worker, read after its end. */
  private long asked;

  private long answered;
  private boolean outputClosed;

  ExchangeCommand(Terminal terminal, StopRequest stop) {
    this.terminal = terminal;
    this.stop = stop;
    this.status = new StatusLine(terminal);
  }

  @Override
  public Integer call() throws LocalTroubleException, InterruptedException {
    if (poolArguments.framing instanceof None) {
      throw new ParameterException(
          spec.commandLine(), "a reply needs a framing to end; --framing must not be none");
    }
    TcpPool.Builder builder = poolArguments.builder(spec.commandLine(), terminal);
    if (!input.quiet) {
      builder.listener(new PoolNews(status));
    }
    CallOptions options = CallOptions.defaults();
    CallOptions call = idempotent ? options.idempotent() : options;
    InputRun run = new InputRun(terminal.in(), input.format(), 1, input.drain, stop);
    try (TcpPool pool = PoolArguments.open(builder, spec.commandLine())) {
      run.run(request -> ask(pool, request, call), () -> {});
    }
    int code = account(run);
    run.throwBug();
    return code;
  }

  private boolean ask(TcpPool pool, byte[] request, CallOptions call) {
    asked++;
    try {
      byte[] sent =
          request.length > 0 ? request : InputArguments.frame(poolArguments.framing, request);
      print(pool.exchange(sent, call));
      answered++;
      return !outputClosed;
    } catch (IOException | IllegalArgumentException e) {
      status.println(
          "tcp-pool: request " + asked + " got no reply" + fate(e) + ": " + Explain.failure(e));
      return keepGoing;
    }
  }

  /** What may have become of the request is what one needs to know before asking again. */
  private static String fate(Exception failure) {
    if (!(failure instanceof CallFailure call)) {
      return ", not sent";
    }
    return switch (call.outcome()) {
      case NOT_SENT -> ", not sent";
      case PARTIAL -> ", sent in part";
      case UNKNOWN -> ", but the server may have acted on it";
    };
  }

  private void print(byte[] reply) {
    if (escape || terminal.outIsScreen()) {
      byte[] text = (Escape.bytes(reply) + "\n").getBytes(StandardCharsets.UTF_8);
      terminal.out().write(text, 0, text.length);
    } else {
      terminal.out().write(reply, 0, reply.length);
      terminal.out().write('\n');
    }
    terminal.out().flush();
    outputClosed = terminal.out().checkError();
  }

  private int account(InputRun run) throws LocalTroubleException {
    int notAsked = run.left().size() + (run.remainder().length > 0 ? 1 : 0);
    if (notAsked > 0) {
      status.println("tcp-pool: " + Figures.count(notAsked, "request") + " read and not asked");
    }
    if (!input.quiet && !terminal.outIsScreen()) {
      status.println(
          "answered " + Figures.count(answered) + " of " + Figures.count(asked, "request"));
    }
    if (outputClosed) {
      throw new LocalTroubleException("cannot write standard output", null);
    }
    IOException failure = run.failure();
    if (failure != null) {
      throw new LocalTroubleException("cannot read standard input", failure);
    }
    boolean all = answered == asked && notAsked == 0;
    return stop.exitCode(all ? ExitCodes.DONE : ExitCodes.NOT_ALL_DONE);
  }
}
