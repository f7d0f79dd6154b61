package io.github.tcppool.cli;

import io.github.tcppool.RetryPolicy;
import io.github.tcppool.TcpPool;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.cli.terminal.Terminal;
import io.github.tcppool.framing.Framing;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The arguments of all commands that work through a pool. */
final class PoolArguments {

  @Mixin private EndpointArguments endpoints;

  @Option(
      names = "--connections",
      paramLabel = "MIN:MAX",
      defaultValue = "0:10",
      converter = ConnectionRange.Converter.class,
      description = "Connections per server, kept and at most; N for exactly N. Default: 0:10.")
  private ConnectionRange connections;

  @Option(
      names = "--framing",
      paramLabel = "FRAMING",
      defaultValue = "lines",
      converter = FramingConverter.class,
      description = {
        "How messages are told apart on the wire: " + FramingConverter.CHOICES + ".",
        "Default: lines."
      })
  Framing framing;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = DurationConverter.class,
      description =
          "Time for one message with all its attempts: 500ms, 2s, 1m, 1m30s. Default: 30s.")
  private Duration timeout;

  @Option(
      names = "--connect-timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Time for one attempt to connect. Default: 5s.")
  private @Nullable Duration connectTimeout;

  @Option(
      names = "--write-timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "Time to write one message before its connection is given up. Default: the --timeout.")
  private @Nullable Duration writeTimeout;

  @Option(
      names = "--max-idle",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long an unused connection is kept; 0 for ever. Default: 5m.")
  private @Nullable Duration maxIdle;

  @Option(
      names = "--balancer",
      paramLabel = "NAME",
      converter = BalancerConverter.class,
      description =
          "How a server is chosen: round-robin (default), random, least-loaded, fastest,"
              + " weighted, failover.")
  private @Nullable Balancer balancer;

  @Option(
      names = "--retries",
      paramLabel = "N",
      description = "Tries after the first failed one. Default: until the timeout.")
  private @Nullable Integer retries;

  @Option(
      names = "--retry-interval",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "First wait between attempts to connect to a failing server; doubles. Default: 10ms.")
  private @Nullable Duration retryInterval;

  @ArgGroup private @Nullable Family family;

  @Mixin private TlsArguments tls;

  /** At most one of the two. */
  static final class Family {
    @Option(names = "-4", description = "Use IPv4 addresses only.")
    private boolean four;

    @Option(names = "-6", description = "Use IPv6 addresses only.")
    private boolean six;

    @Nullable ProtocolFamily chosen() {
      if (four) {
        return StandardProtocolFamily.INET;
      }
      return six ? StandardProtocolFamily.INET6 : null;
    }
  }

  /** A pool as these arguments want it; what they get wrong is the fault of the command line. */
  TcpPool.Builder builder(CommandLine commandLine, Terminal terminal) {
    try {
      TcpPool.Builder builder = endpoints.builder(commandLine).name("tcp-pool").framing(framing);
      configure(builder);
      tls.options(commandLine, terminal).ifPresent(builder::tls);
      return builder;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
    }
  }

  /** Makes the pool; files that cannot be used are the fault of the command line. */
  static TcpPool open(TcpPool.Builder builder, CommandLine commandLine) {
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
    }
  }

  private void configure(TcpPool.Builder builder) {
    builder.connections(connections.min(), connections.max()).retry(retryPolicy());
    builder.callTimeout(timeout);
    if (connectTimeout != null) {
      builder.connectTimeout(connectTimeout);
    }
    // Giving a connection up takes along what its kernel has not passed on yet, and there is
    // nothing
    // better to do meanwhile than to wait: so by default a slow server gets all the time there is.
    builder.writeTimeout(writeTimeout != null ? writeTimeout : timeout);
    if (maxIdle != null) {
      builder.maxIdle(maxIdle);
    }
    if (balancer != null) {
      builder.balancer(balancer);
    }
    if (family != null) {
      builder.family(family.chosen());
    }
  }

  private RetryPolicy retryPolicy() {
    RetryPolicy policy = RetryPolicy.untilDeadline();
    if (retries != null) {
      if (retries < 0 || retries == Integer.MAX_VALUE) {
        throw new IllegalArgumentException("retries must be at least 0, but was " + retries);
      }
      policy = RetryPolicy.attempts(retries + 1);
    }
    return retryInterval == null ? policy : policy.backoff(retryInterval);
  }
}
