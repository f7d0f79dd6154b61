package io.github.tcppool.internal.dns;

import io.github.tcppool.internal.dns.DnsMessage.Answer;
import io.github.tcppool.internal.dns.DnsMessage.Resource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks DNS servers that do the searching (recursive resolvers): one after the other, each several
 * times, until one has an answer. Blocks for at most {@code servers * attempts * timeout} per
 * question. Keeps nothing.
 */
public final class DnsClient {

  private static final Pattern LITERAL =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*(%\\w+)?");
  private static final int MAX_ALIASES = 16;
  private static final int NO_SUCH_NAME = 3;

  /** Addresses, and for how many seconds they are good. */
  public record Addresses(List<InetAddress> all, long ttlSeconds) {}

  /** One SRV record. */
  public record Service(int priority, int weight, int port, String host) {}

  /** SRV records, and for how many seconds they are good. */
  public record Services(List<Service> all, long ttlSeconds) {}

  private final List<InetSocketAddress> servers;
  private final long timeoutNanos;
  private final int attempts;

  /** Without servers, those of the system are asked. */
  public DnsClient(List<InetSocketAddress> servers, Duration timeout, int attempts) {
    this.servers = servers;
    this.attempts = attempts;
    timeoutNanos = timeout.toNanos();
  }

  /** Refuses a name that cannot be asked for, by {@link IllegalArgumentException}. */
  public static void requireName(String name) {
    DnsMessage.requireName(name);
  }

  /** The address that this text is; nobody is asked. */
  public static InetAddress requireLiteral(String text) {
    try {
      if (LITERAL.matcher(text).matches()) {
        return InetAddress.getByName(text);
      }
    } catch (UnknownHostException e) {
      // told below
    }
    throw new IllegalArgumentException(
        "DNS server must be an IP address, but was \"" + text + "\"");
  }

  /**
   * All addresses of a name, or those of one family. Empty if the name exists and has none.
   *
   * @throws UnknownHostException if there is no such name
   * @throws IOException if no server answers, for either family
   */
  public Addresses addresses(String name, @Nullable ProtocolFamily family) throws IOException {
    List<InetAddress> all = new ArrayList<>();
    long ttl = Long.MAX_VALUE;
    for (int type : new int[] {DnsMessage.AAAA, DnsMessage.A}) {
      boolean wanted =
          family == null || (family == StandardProtocolFamily.INET) == (type == DnsMessage.A);
      for (Resource each : wanted ? lookUp(name, type) : List.<Resource>of()) {
        ttl = Math.min(ttl, each.ttlSeconds());
        InetAddress address = each.address();
        if (address != null) {
          all.add(address);
        }
      }
    }
    return new Addresses(all, all.isEmpty() ? 0 : ttl);
  }

  /**
   * The hosts and ports of a service. Empty if the name exists and has none, or says that there is
   * no such service.
   *
   * @throws UnknownHostException if there is no such name
   * @throws IOException if no server answers
   */
  public Services services(String name) throws IOException {
    List<Service> all = new ArrayList<>();
    long ttl = Long.MAX_VALUE;
    for (Resource each : lookUp(name, DnsMessage.SRV)) {
      ttl = Math.min(ttl, each.ttlSeconds());
      if (each.type() == DnsMessage.SRV && !each.target().isEmpty()) {
        all.add(new Service(each.priority(), each.weight(), each.port(), each.target()));
      }
    }
    return new Services(all, all.isEmpty() ? 0 : ttl);
  }

  /** The records of this type and name, and the aliases that led to them. */
  private List<Resource> lookUp(String name, int type) throws IOException {
    IOException failure = null;
    for (int attempt = 0; attempt < attempts; attempt++) {
      for (InetSocketAddress server : servers.isEmpty() ? ResolvConf.servers() : servers) {
        try {
          Answer answer = DnsExchange.ask(server, name, type, timeoutNanos);
          if (answer.code() == NO_SUCH_NAME) {
            throw new UnknownHostException(name + " is not known to the DNS server " + server);
          }
          if (answer.code() == 0) {
            return following(name, type, answer.resources());
          }
          failure =
              new IOException("DNS server " + server + " answered with error " + answer.code());
        } catch (UnknownHostException e) {
          throw e;
        } catch (IOException e) {
          failure = new IOException(name + ": DNS server " + server + ": " + told(e), e);
        }
      }
    }
    throw failure == null ? new IOException("no DNS server is known") : failure;
  }

  /** A port that is closed is told without a word. */
  private static String told(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** What belongs to the name, or to one that it is an alias of. */
  private static List<Resource> following(String name, int type, List<Resource> resources) {
    List<Resource> found = new ArrayList<>();
    Set<String> names = new HashSet<>();
    names.add(lower(DnsMessage.absolute(name)));
    for (int i = 0, known = 0; i < MAX_ALIASES && known < names.size(); i++) {
      known = names.size();
      for (Resource each : resources) {
        if (each.type() == DnsMessage.CNAME && names.contains(lower(each.name()))) {
          names.add(lower(each.target()));
        }
      }
    }
    for (Resource each : resources) {
      boolean ours = each.type() == type || each.type() == DnsMessage.CNAME;
      if (ours && names.contains(lower(each.name()))) {
        found.add(each);
      }
    }
    return found;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
