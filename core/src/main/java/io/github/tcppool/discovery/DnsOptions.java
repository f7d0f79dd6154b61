package io.github.tcppool.discovery;

import io.github.tcppool.Endpoint;
import io.github.tcppool.internal.dns.DnsClient;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How DNS servers are asked. Immutable.
 *
 * @param servers whom to ask, in this order, at most 8; none for the first three of {@code
 *     /etc/resolv.conf}, which is read anew each time. Default none
 * @param timeout how long one server is waited for, 1 ms to one minute. Default 2 s
 * @param attempts how often each server is asked before the look-up fails, 1 to 10. Default 2
 * @param interval the longest time between two look-ups, at least 100 ms; answers that expire
 *     sooner are asked for sooner. Default 30 s
 * @param family the only kind of addresses to ask for, or null for both; both must be answered
 *     then, be it with none. Set it where servers do not answer one of them. Default null
 */
public record DnsOptions(
    List<InetSocketAddress> servers,
    Duration timeout,
    int attempts,
    Duration interval,
    @Nullable ProtocolFamily family) {

  private static final DnsOptions DEFAULTS =
      new DnsOptions(List.of(), Duration.ofSeconds(2), 2, Duration.ofSeconds(30), null);

  private static final int DNS_PORT = 53;

  /**
   * Checks and copies the values.
   *
   * @throws IllegalArgumentException naming the rule and the value
   */
  public DnsOptions {
    servers = List.copyOf(servers);
    if (servers.size() > 8) {
      throw new IllegalArgumentException(
          "DNS servers must be at most 8, but were " + servers.size());
    }
    Objects.requireNonNull(timeout, "DNS timeout must not be null");
    if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException(
          "DNS timeout must be 1 ms to one minute, but was " + timeout);
    }
    if (attempts < 1 || attempts > 10) {
      throw new IllegalArgumentException("DNS attempts must be 1 to 10, but were " + attempts);
    }
    Objects.requireNonNull(interval, "DNS interval must not be null");
    if (interval.toMillis() < 100) {
      throw new IllegalArgumentException(
          "DNS interval must be at least 100 ms, but was " + interval);
    }
  }

  /** Two attempts of two seconds at the system's servers, every 30 seconds. */
  public static DnsOptions defaults() {
    return DEFAULTS;
  }

  /**
   * These servers, each an address such as {@code 10.0.0.53}, {@code 10.0.0.53:8600}, {@code ::1}
   * or {@code [::1]:5353}; the port is 53 where none is given.
   *
   * @throws IllegalArgumentException if one is not an address
   */
  public DnsOptions servers(String... addresses) {
    List<InetSocketAddress> parsed = new ArrayList<>();
    for (String address : addresses) {
      parsed.add(parse(address));
    }
    return new DnsOptions(parsed, timeout, attempts, interval, family);
  }

  private static InetSocketAddress parse(String address) {
    boolean bare = address.indexOf(':') < 0 || address.indexOf(':') != address.lastIndexOf(':');
    boolean withPort = address.startsWith("[") || !bare;
    Endpoint endpoint = withPort ? Endpoint.parse(address) : Endpoint.of(address, DNS_PORT);
    return new InetSocketAddress(DnsClient.requireLiteral(endpoint.host()), endpoint.port());
  }

  /** The same with another timeout. */
  public DnsOptions timeout(Duration newTimeout) {
    return new DnsOptions(servers, newTimeout, attempts, interval, family);
  }

  /** The same with another number of attempts. */
  public DnsOptions attempts(int newAttempts) {
    return new DnsOptions(servers, timeout, newAttempts, interval, family);
  }

  /** The same with another interval. */
  public DnsOptions interval(Duration newInterval) {
    return new DnsOptions(servers, timeout, attempts, newInterval, family);
  }

  /** The same for one kind of addresses only, {@code INET} or {@code INET6}, or null for both. */
  public DnsOptions family(@Nullable ProtocolFamily newFamily) {
    return new DnsOptions(servers, timeout, attempts, interval, newFamily);
  }

  DnsClient client() {
    return new DnsClient(servers, timeout, attempts);
  }

  /** When an answer that is good for this long is to be asked for again. */
  Duration until(long ttlSeconds) {
    Duration good = Duration.ofSeconds(Math.max(1, Math.min(ttlSeconds, 86_400)));
    return good.compareTo(interval) < 0 ? good : interval;
  }
}
