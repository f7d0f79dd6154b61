package io.github.tcppool.cli;

import io.github.tcppool.cli.demo.Demo;
import io.github.tcppool.cli.demo.Pace;
import io.github.tcppool.cli.terminal.StopRequest;
import io.github.tcppool.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows in half a minute what the pool does when servers fail. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    sortOptions = false,
    description = {
      "Starts three servers in this process, streams numbered messages to them through one pool, and"
          + " lets the servers fail.",
      "",
      "Act 1: send, while one server restarts in an orderly way. Nothing may be lost.",
      "Act 2: exchange with idempotent requests, while one is killed. Nothing may be lost.",
      "Act 3: send, while one is killed that has unread bytes. These are lost, and counted.",
      "Act 4: exchange, while one resets every request. It is ejected, tried, and warmed up; nothing"
          + " may be lost."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:acts 1, 2 and 4 lost nothing",
      "1:acts 1, 2 or 4 lost messages",
      "2:wrong use",
      "130:ended by Ctrl-C (143: by kill)"
    })
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--fast", description = "Play it in a few seconds, for tests.")
  private boolean fast;

  private final Terminal terminal;
  private final StopRequest stop;

  DemoCommand(Terminal terminal, StopRequest stop) {
    this.terminal = terminal;
    this.stop = stop;
  }

  @Override
  public Integer call() throws InterruptedException {
    Pace pace = fast ? Pace.forMachines() : Pace.forPeople();
    boolean asPromised = new Demo(terminal, stop, pace).play();
    return stop.exitCode(asPromised ? ExitCodes.DONE : ExitCodes.NOT_ALL_DONE);
  }
}
