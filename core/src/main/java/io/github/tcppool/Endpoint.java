package io.github.tcppool;

import java.io.Serializable;
import java.util.Map;
import java.util.Objects;

/**
 * A place to connect to: a host name or literal address, a port, and what a {@link
 * io.github.tcppool.balance.Balancer} may want to know about it.
 *
 * <p>The host is resolved anew for every dial, never kept. Immutable.
 *
 * @param host a host name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65535
 * @param weight the share of calls relative to other endpoints, at least 1; default 1
 * @param priority lower values are preferred by balancers that fail over, at least 0; default 0
 * @param labels free text for people and balancers, for example {@code zone=a}
 */
public record Endpoint(String host, int port, int weight, int priority, Map<String, String> labels)
    implements Serializable {

  private static final int MAX_HOST_CHARS = 253;

  /**
   * Checks and copies the values.
   *
   * @throws IllegalArgumentException naming the rule and the value
   */
  public Endpoint {
    Objects.requireNonNull(host, "host must not be null");
    if (host.isEmpty() || host.length() > MAX_HOST_CHARS) {
      throw new IllegalArgumentException(
          "host must have 1 to 253 characters, but had " + host.length());
    }
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (isSpaceOrControl(c) || c == '/' || c == '[' || c == ']' || c == '@') {
        throw new IllegalArgumentException(
            String.format(
                "host must be a name or address, but has character 0x%02x at %d", (int) c, i));
      }
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be 1 to 65535, but was " + port);
    }
    Require.atLeast("weight", weight, 1);
    Require.atLeast("priority", priority, 0);
    labels = Map.copyOf(labels);
  }

  /** Also those beyond ASCII, which would reach logs and terminals. */
  private static boolean isSpaceOrControl(char c) {
    return Character.isISOControl(c) || Character.isSpaceChar(c);
  }

  /** The endpoint at a host and port, with weight 1, priority 0 and no labels. */
  public static Endpoint of(String host, int port) {
    return new Endpoint(host, port, 1, 0, Map.of());
  }

  /**
   * Reads {@code host:port}, {@code 10.0.0.1:9999} or {@code [::1]:9999}.
   *
   * @throws IllegalArgumentException naming the rule and the value
   */
  public static Endpoint parse(String text) {
    Objects.requireNonNull(text, "endpoint must not be null");
    int colon = text.lastIndexOf(':');
    if (colon < 1 || colon == text.length() - 1) {
      throw malformed(text);
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    if (bracketed != (host.indexOf(':') >= 0)) {
      throw malformed(text);
    }
    return of(host, port(text, colon + 1));
  }

  private static int port(String text, int from) {
    if (text.length() - from > 5) {
      throw malformed(text);
    }
    int port = 0;
    for (int i = from; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw malformed(text);
      }
      port = port * 10 + digit;
    }
    return port;
  }

  private static IllegalArgumentException malformed(String text) {
    String shown = text.length() > 100 ? text.substring(0, 100) + "..." : text;
    return new IllegalArgumentException(
        "endpoint must be host:port or [ipv6]:port, but was \"" + shown + "\"");
  }

  /** The same endpoint with another weight, at least 1. */
  public Endpoint withWeight(int newWeight) {
    return new Endpoint(host, port, newWeight, priority, labels);
  }

  /** The same endpoint with another priority, at least 0. */
  public Endpoint withPriority(int newPriority) {
    return new Endpoint(host, port, weight, newPriority, labels);
  }

  /** The same endpoint with other labels. */
  public Endpoint withLabels(Map<String, String> newLabels) {
    return new Endpoint(host, port, weight, priority, newLabels);
  }

  /** {@code host:port}, an IPv6 address in brackets. */
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
