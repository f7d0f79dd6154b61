package io.github.tcppool.cli;

import io.github.tcppool.Endpoint;
import io.github.tcppool.TcpPool;
import io.github.tcppool.discovery.Discovery;
import io.github.tcppool.discovery.DnsOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The servers that a command is to work with, or where to find them. */
final class EndpointArguments {

  /** A host that happens to be called like a kind of source. */
  private static final Pattern HOST_AND_PORT = Pattern.compile("(file|dns|srv):[0-9]+");

  private static final String ALONE = " must be the only argument";

  /** Not converted by picocli: of several it would call a malformed one "unmatched". */
  @Parameters(
      arity = "1..*",
      paramLabel = "HOST:PORT",
      description = {
        "The servers, each as host:port or [ipv6]:port; or, alone, where to find them: file:PATH (one"
            + " per line), dns:NAME:PORT (all addresses), srv:NAME (a DNS service)."
      })
  private List<String> endpoints;

  @Option(
      names = "--dns-server",
      paramLabel = "ADDRESS",
      description =
          "Asks this DNS server for dns: and srv:, 10.0.0.53 or 127.0.0.1:8600. Default: the"
              + " system's.")
  private @Nullable String dnsServer;

  /** The endpoints, well-formed. Not for a source. */
  List<Endpoint> parse(CommandLine commandLine) {
    List<Endpoint> parsed = new ArrayList<>();
    for (String endpoint : endpoints) {
      try {
        parsed.add(Endpoint.parse(endpoint));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
      }
    }
    return parsed;
  }

  /** Where to find the endpoints; null if they were named. */
  @Nullable Discovery source(CommandLine commandLine) {
    for (String argument : endpoints) {
      Discovery source = source(argument, commandLine);
      if (source != null && endpoints.size() > 1) {
        throw new ParameterException(commandLine, argument + ALONE);
      }
      if (source != null) {
        return source;
      }
    }
    if (dnsServer != null) {
      throw new ParameterException(commandLine, "--dns-server goes with dns: or srv:");
    }
    return null;
  }

  private @Nullable Discovery source(String argument, CommandLine commandLine) {
    if (HOST_AND_PORT.matcher(argument).matches()) {
      return null;
    }
    try {
      if (argument.startsWith("file:")) {
        return Discovery.file(Path.of(argument.substring(5)));
      }
      if (argument.startsWith("srv:")) {
        return Discovery.srv(argument.substring(4), dnsOptions());
      }
      if (argument.startsWith("dns:")) {
        Endpoint name = Endpoint.parse(argument.substring(4));
        return dnsServer == null
            ? Discovery.dns(name.host(), name.port())
            : Discovery.dns(name.host(), name.port(), dnsOptions());
      }
      return null;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
    }
  }

  private DnsOptions dnsOptions() {
    DnsOptions options = DnsOptions.defaults();
    return dnsServer == null ? options : options.servers(dnsServer);
  }

  /** A pool over them. */
  TcpPool.Builder builder(CommandLine commandLine) {
    Discovery source = source(commandLine);
    return source == null ? TcpPool.builder(parse(commandLine)) : TcpPool.builder(source);
  }
}
