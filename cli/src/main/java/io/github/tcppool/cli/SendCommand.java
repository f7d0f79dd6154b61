package io.github.tcppool.cli;

import io.github.tcppool.CallFailure;
import io.github.tcppool.Outcome;
import io.github.tcppool.TcpPool;
import io.github.tcppool.cli.input.InputRun;
import io.github.tcppool.cli.terminal.Figures;
import io.github.tcppool.cli.terminal.StatusLine;
import io.github.tcppool.cli.terminal.StopRequest;
import io.github.tcppool.cli.terminal.Terminal;
import io.github.tcppool.framing.Framing;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends what comes in on standard input, message by message, and accounts for each. */
@Command(
    name = "send",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    sortOptions = false,
    description = {
      "Sends each line (or other message) of standard input to one of the servers.",
      "",
      "A server that goes away is waited for, and so is one that does not read: then nothing more is"
          + " read from standard input either. A message that cannot be sent within its time is"
          + " written to --unsent, or to standard error; none is dropped in silence."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every message was handed to the kernel for a server",
      "1:some messages could not be sent; they are in --unsent or on standard error",
      "2:wrong use; nothing was read",
      "3:trouble on this machine: standard input or the --unsent file",
      "130:ended by Ctrl-C; what was read was sent, or is in --unsent (143: by kill)"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tail -F app.log | tcp-pool send --give-up 0 logs1:5170 logs2:5170",
      "  tcp-pool send --unsent rest.txt --timeout 10s localhost:9999 < lines.txt",
      "  tcp-pool send --framing length:4 --connections 1 localhost:9999 < requests.txt"
    })
final class SendCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private PoolArguments poolArguments;
  @Mixin private InputArguments input;

  @Option(
      names = "--unsent",
      paramLabel = "FILE",
      description = "Adds messages that could not be sent to this file, as they were read.")
  private @Nullable Path unsentFile;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = {
        "How many messages are sent at a time. Default: 1.",
        "Messages keep their order with one thread and --connections 1 to one server."
      })
  private int threads;

  @Option(
      names = "--give-up",
      paramLabel = "N",
      defaultValue = "3",
      description = {
        "Stop after so many messages in a row could not be sent, or so many got stuck half-way in a"
            + " server that does not read; 0 never. Default: 3."
      })
  private int giveUp;

  private final Terminal terminal;
  private final StopRequest stop;
  private final StatusLine status;
  private final SendTally tally = new SendTally();
  private final AtomicInteger failuresInRow = new AtomicInteger();

  /**
   * Not reset by a success: every new connection to a stuck server takes some messages at first.
   */
  private final AtomicInteger stuck = new AtomicInteger();

  SendCommand(Terminal terminal, StopRequest stop) {
    this.terminal = terminal;
    this.stop = stop;
    this.status = new StatusLine(terminal);
  }

  @Override
  public Integer call() throws LocalTroubleException, InterruptedException {
    require(threads >= 1 && threads <= 1_000, "--threads must be 1 to 1000, but was " + threads);
    require(giveUp >= 0, "--give-up must be at least 0, but was " + giveUp);
    Framing framing = InputArguments.exact(poolArguments.framing);
    TcpPool.Builder builder = poolArguments.builder(spec.commandLine(), terminal);
    // Nobody will ask for what servers may say in return.
    builder.framing(framing).ignoreInbound(true);
    if (!input.quiet) {
      builder.listener(new PoolNews(status));
    }
    InputRun run = new InputRun(terminal.in(), input.format(), threads, input.drain, stop);
    boolean screen = terminal.errIsScreen();
    try (Unsent unsent = new Unsent(unsentFile, input.format(), status, screen);
        TcpPool pool = PoolArguments.open(builder, spec.commandLine())) {
      run.run(message -> send(pool, framing, message, unsent), () -> progress(run, unsent));
      run.left().forEach(unsent::add);
      int code = account(run, unsent, pool);
      run.throwBug();
      return code;
    }
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), rule);
    }
  }

  private boolean send(TcpPool pool, Framing framing, byte[] message, Unsent unsent) {
    try {
      // Only with its end mark is an empty message something that can be sent.
      byte[] sent = message.length > 0 ? message : InputArguments.frame(framing, message);
      pool.send(sent);
      tally.sent(message.length);
      failuresInRow.set(0);
      return true;
    } catch (IllegalArgumentException e) {
      unsent.add(message, e); // The framing cannot carry it; the servers are not to blame.
      return true;
    } catch (IOException e) {
      unsent.add(message, e);
      failuresInRow.incrementAndGet();
      if (isStuck(e) && stuck.incrementAndGet() == 1) {
        status.println(
            "tcp-pool: its server does not read; with the connection, messages counted as sent may"
                + " be lost");
      }
      return !isGivenUp();
    }
  }

  /** Whether a message was cut because the server did not take the rest of it in time. */
  private static boolean isStuck(IOException failure) {
    boolean timedOut =
        failure instanceof SocketTimeoutException
            || failure.getCause() instanceof SocketTimeoutException;
    return timedOut && failure instanceof CallFailure call && call.outcome() == Outcome.PARTIAL;
  }

  private boolean isGivenUp() {
    return giveUp > 0 && (failuresInRow.get() >= giveUp || stuck.get() >= giveUp);
  }

  private void progress(InputRun run, Unsent unsent) {
    if (!input.quiet) {
      status.show(tally.progress(run.messages(), unsent.messages()));
    }
  }

  private int account(InputRun run, Unsent unsent, TcpPool pool) throws LocalTroubleException {
    if (run.remainder().length > 0) {
      unsent.addRemainder(run.remainder());
      status.println("tcp-pool: the last message was read only in part");
    }
    status.clear();
    if (isGivenUp()) {
      status.println(
          "tcp-pool: gave up after "
              + Figures.count(giveUp, "failure")
              + "; what follows was not read");
    }
    if (!input.quiet) {
      tally
          .summary(pool.snapshot(), pool.close(pool.options().closeTimeout()))
          .forEach(status::println);
    }
    if (unsent.messages() > 0) {
      status.println(unsent.summary());
    }
    IOException failure = run.failure();
    if (failure != null) {
      throw new LocalTroubleException("cannot read standard input", failure);
    }
    return stop.exitCode(unsent.messages() > 0 ? ExitCodes.NOT_ALL_DONE : ExitCodes.DONE);
  }
}
