package io.github.tcppool.cli;

import io.github.tcppool.TlsOptions;
import io.github.tcppool.cli.terminal.Terminal;
import io.github.tcppool.cli.tls.Witness;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The arguments of TLS. */
final class TlsArguments {

  static final String WARNING =
      "WARNING: --insecure: the server's certificate is NOT checked. Anybody on the way can read and"
          + " change everything. Never use this for anything but a try.";

  @Option(names = "--tls", description = "Speak TLS 1.3 or 1.2, and check whom with.")
  private boolean tls;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Trust the authorities in this PEM file, instead of those of the JDK.")
  private @Nullable Path authorities;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "Our own certificate and its chain, in PEM, for servers that ask.")
  private @Nullable Path chain;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "The key of --cert, in PEM (PKCS #8, not encrypted).")
  private @Nullable Path key;

  @Option(
      names = "--server-name",
      paramLabel = "NAME",
      description = "The name that the certificate must be for. Default: the host.")
  private @Nullable String serverName;

  @Option(
      names = "--insecure",
      description = "With --tls: take any certificate. For tries only; warns each time.")
  private boolean insecure;

  boolean isOn() {
    return tls;
  }

  boolean isInsecure() {
    return insecure;
  }

  @Nullable Path authorities() {
    return authorities;
  }

  @Nullable String serverName() {
    return serverName;
  }

  /** What these arguments say, or none if they say nothing of TLS. */
  Optional<TlsOptions> options(CommandLine commandLine, Terminal terminal) {
    check(commandLine);
    if (!tls) {
      return Optional.empty();
    }
    TlsOptions options = TlsOptions.defaults();
    if (insecure) {
      terminal.err().println(WARNING);
      options = options.context(anybody());
    }
    if (authorities != null) {
      options = options.trust(authorities);
    }
    if (chain != null && key != null) {
      options = options.identity(chain, key);
    }
    return Optional.of(serverName == null ? options : options.serverName(serverName));
  }

  /** Refuses what does not go together. */
  void check(CommandLine commandLine) {
    boolean more =
        authorities != null || chain != null || key != null || serverName != null || insecure;
    require(commandLine, tls || !more, "--ca, --cert, --key, --server-name, --insecure need --tls");
    require(commandLine, (chain == null) == (key == null), "--cert and --key need each other");
    require(
        commandLine,
        !insecure || (authorities == null && chain == null),
        "--insecure must not be used with --ca or --cert");
  }

  private static void require(CommandLine commandLine, boolean holds, String rule) {
    if (!holds) {
      throw new ParameterException(commandLine, rule);
    }
  }

  private static SSLContext anybody() {
    try {
      return Witness.blind().context();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }
}
