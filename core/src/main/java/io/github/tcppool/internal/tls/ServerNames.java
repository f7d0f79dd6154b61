package io.github.tcppool.internal.tls;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;

/** Names that servers have in certificates and in SNI. */
public final class ServerNames {

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]+(%[0-9A-Za-z]+)?");

  private ServerNames() {}

  /** Refuses what is neither a host name nor an address. */
  public static String require(String name) {
    Objects.requireNonNull(name, "serverName must not be null");
    if (isAddress(name)) {
      return name;
    }
    try {
      return new SNIHostName(name).getAsciiName();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "serverName must be a host name or an address, but was \"" + Told.shown(name) + "\"", e);
    }
  }

  /** The name for SNI, which has no place for addresses. */
  static Optional<SNIHostName> forIndication(String host) {
    if (isAddress(host)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new SNIHostName(host));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a name that only the local resolver knows
    }
  }

  private static boolean isAddress(String name) {
    return name.indexOf(':') >= 0 ? IPV6.matcher(name).matches() : IPV4.matcher(name).matches();
  }
}
