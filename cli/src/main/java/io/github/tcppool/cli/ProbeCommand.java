package io.github.tcppool.cli;

import io.github.tcppool.Endpoint;
import io.github.tcppool.TlsOptions;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.cli.terminal.Escape;
import io.github.tcppool.cli.terminal.Figures;
import io.github.tcppool.cli.terminal.Terminal;
import io.github.tcppool.cli.tls.Look;
import io.github.tcppool.discovery.Discovery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Dials every address of every server once, without a pool, and shows what the kernel says. */
@Command(
    name = "probe",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    sortOptions = false,
    description = {
      "Resolves each server, connects once to each of its addresses, and prints how long it took, or"
          + " the error of the kernel.",
      "",
      "A connection that is made proves that the kernel there listens, not that a program answers.",
      "",
      "With --tls it makes a handshake and shows the protocol, the cipher suite, each certificate, and"
          + " what is wrong with them. It sends nothing.",
      "",
      "With --picks a pool then lends connections to the servers so many times, one after the other,"
          + " sends nothing, and shows where they went."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every server could be reached at one of its addresses at least",
      "1:some server could not be reached at all, or is not to be trusted",
      "2:wrong use; nothing was dialed"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tcp-pool probe localhost:9999",
      "  tcp-pool probe srv:_orders._tcp.example.com",
      "  tcp-pool probe --tls example.org:443",
      "  tcp-pool probe --connect-timeout 500ms a.example:7000 b.example:7000 '[::1]:7000'",
      "  tcp-pool probe --picks 1000 --balancer least-loaded a.example:7000 b.example:7000"
    })
final class ProbeCommand implements Callable<Integer> {
  private static final int MOST_PICKS = 1_000_000;

  @Spec private CommandSpec spec;

  @Mixin private EndpointArguments endpoints;

  @Option(
      names = "--connect-timeout",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = DurationConverter.class,
      description = "Time for each connection: 500ms, 2s. Default: 5s.")
  private Duration connectTimeout;

  @Option(
      names = "--picks",
      paramLabel = "N",
      defaultValue = "0",
      description = "Calls of which to show where a balancer sends them. Default: 0.")
  private int picks;

  @Option(
      names = "--balancer",
      paramLabel = "NAME",
      defaultValue = "round-robin",
      converter = BalancerConverter.class,
      description =
          "What picks: round-robin (default), random, least-loaded, fastest,"
              + " weighted, failover.")
  private Balancer balancer;

  @Mixin private TlsArguments tls;

  private final Terminal terminal;

  ProbeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (connectTimeout.toMillis() < 1) {
      throw new ParameterException(spec.commandLine(), "--connect-timeout must be at least 1 ms");
    }
    if (picks < 0 || picks > MOST_PICKS) {
      throw new ParameterException(spec.commandLine(), "--picks must be 0 to " + MOST_PICKS);
    }
    Optional<TlsOptions> terms = tls.options(spec.commandLine(), terminal);
    boolean allReached = true;
    Discovery source = endpoints.source(spec.commandLine());
    List<Endpoint> servers = source == null ? endpoints.parse(spec.commandLine()) : find(source);
    if (servers.isEmpty()) {
      return ExitCodes.NOT_ALL_DONE;
    }
    for (Endpoint endpoint : servers) {
      allReached &= probe(endpoint);
    }
    if (picks > 0) {
      pick(servers, terms).forEach(this::print);
    }
    return allReached ? ExitCodes.DONE : ExitCodes.NOT_ALL_DONE;
  }

  private List<String> pick(List<Endpoint> servers, Optional<TlsOptions> terms) {
    try {
      return new PickProbe(servers, balancer, connectTimeout, terms).run(picks);
    } catch (IllegalArgumentException e) { // files of TLS that cannot be used
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** What a source knows now; nothing if it knows nothing, which is told. */
  private List<Endpoint> find(Discovery source) {
    List<Endpoint> found = new ArrayList<>();
    long start = System.nanoTime();
    try {
      Duration unused = source.refresh(found::addAll);
      print(
          source
              + "  "
              + (found.size() == 1 ? "1 server" : found.size() + " servers")
              + ", found in "
              + since(start));
    } catch (Exception e) { // whatever a source may throw
      print(source + "  failed after " + since(start) + ": " + Explain.failure(e));
    }
    return found;
  }

  private boolean probe(Endpoint endpoint) {
    long start = System.nanoTime();
    try {
      InetAddress[] addresses = InetAddress.getAllByName(endpoint.host());
      print(
          endpoint
              + kind(endpoint)
              + "  "
              + (addresses.length == 1 ? "1 address" : addresses.length + " addresses")
              + ", resolved in "
              + since(start));
      boolean reached = false;
      for (InetAddress address : addresses) {
        reached |= dial(new InetSocketAddress(address, endpoint.port()), endpoint.host());
      }
      return reached;
    } catch (UnknownHostException e) {
      print(endpoint + "  not resolved after " + since(start) + ": " + Explain.failure(e));
      return false;
    }
  }

  /** What a source says of it besides. */
  private static String kind(Endpoint endpoint) {
    return (endpoint.priority() == 0 ? "" : "  priority " + endpoint.priority())
        + (endpoint.weight() == 1 ? "" : "  weight " + endpoint.weight());
  }

  private boolean dial(InetSocketAddress address, String host) {
    String shown = String.format("  %-15s  ", address.getAddress().getHostAddress());
    long start = System.nanoTime();
    try (Socket socket = new Socket()) {
      socket.connect(address, (int) Math.min(connectTimeout.toMillis(), Integer.MAX_VALUE));
      print(shown + "connected in " + since(start));
      return !tls.isOn() || look(socket, host);
    } catch (IOException e) {
      print(shown + "failed after " + since(start) + ": " + Explain.failure(e));
      return false;
    }
  }

  /** Shows what the server shows; true if there is nothing wrong with it, or nobody asked. */
  private boolean look(Socket socket, String host) throws IOException {
    String named = tls.serverName();
    int millis = (int) Math.min(connectTimeout.toMillis(), Integer.MAX_VALUE);
    Look seen = Look.at(socket, named == null ? host : named, tls.authorities(), millis);
    for (String line : seen.lines()) {
      print("    " + line);
    }
    print("    " + (seen.problem() == null ? "trusted" : "NOT TRUSTED: " + seen.problem()));
    return seen.problem() == null || tls.isInsecure();
  }

  private static String since(long startNanos) {
    return Figures.time(Duration.ofNanos(System.nanoTime() - startNanos));
  }

  private void print(String line) {
    terminal.out().println(Escape.text(line));
    terminal.out().flush();
  }
}
