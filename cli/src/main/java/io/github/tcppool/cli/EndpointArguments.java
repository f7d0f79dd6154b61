package io.github.tcppool.cli;

import io.github.tcppool.Endpoint;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The servers that a command is to work with. */
final class EndpointArguments {

  /** Not converted by picocli: of several it would call a malformed one "unmatched". */
  @Parameters(
      arity = "1..*",
      paramLabel = "HOST:PORT",
      description = "The servers, each as host:port or [ipv6]:port.")
  private List<String> endpoints;

  /** The endpoints, well-formed. */
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
}
