package io.github.tcppool.discovery;

import io.github.tcppool.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Where the endpoints of a pool come from, and how it learns that they have changed.
 *
 * <p>The pool calls {@link #refresh} on a thread of its own, never in a caller's: first when it is
 * built, then whenever the time has passed that the last call returned, and when connections cannot
 * be made, though at most every five seconds. What it is handed is the whole list each time. The
 * pool works out the difference: endpoints that stay keep their connections and figures; new ones
 * are dialed; those that are missing get no new calls, and their connections end as they come free.
 *
 * <p>A refresh that fails, or finds nothing at all, changes nothing: the pool goes on with what it
 * had, and tries again after half a second to five seconds. It may take as long as it takes; there
 * is never a second one beside it.
 *
 * <p>A registry that is asked:
 *
 * <pre>{@code
 * Discovery ours = sink -> {
 *   sink.push(registry.addressesOf("orders"));
 *   return Duration.ofSeconds(10);
 * };
 * }</pre>
 *
 * <p>A registry that calls back keeps the sink and pushes to it whenever it likes; it returns a
 * long time, and should override {@link #close}.
 *
 * <p>One discovery may serve several pools at once: each has a sink of its own.
 */
@FunctionalInterface
public interface Discovery {

  /** Takes the endpoints of one pool. */
  @FunctionalInterface
  interface Sink {

    /**
     * Says which endpoints there are: all of them, at most 10,000. Returns at once; any thread may
     * call it at any time. An empty list is taken for a failure and changes nothing. Of two with
     * the same host and port the first counts.
     *
     * @throws IllegalArgumentException if there are more than 10,000
     */
    void push(List<Endpoint> all);
  }

  /**
   * Looks for endpoints and pushes what it finds. May block. Called again after a failure, and when
   * connections fail, so a discovery that registers something must know its sink when it sees it
   * again.
   *
   * @param sink the same object for the life of a pool
   * @return how long until it wants to be called again; taken for at least 100 ms, and shortened by
   *     up to a tenth at random, so that many pools do not ask at once
   * @throws Exception if it cannot tell; the pool keeps what it had
   */
  Duration refresh(Sink sink) throws Exception;

  /** Told that a pool was closed and wants nothing any more. Called on a thread of the pool's. */
  default void close(Sink sink) {}

  /** Always these endpoints. */
  static Discovery fixed(List<Endpoint> endpoints) {
    return new Fixed(endpoints);
  }

  /**
   * What a file says, looked at every second. Each line is an endpoint, {@code host:port}, then, if
   * need be, {@code weight=2}, {@code priority=1} and labels as {@code key=value}, separated by
   * spaces; a {@code #} begins a comment. A file with a line that is wrong, or larger than 1 MiB,
   * is not taken at all. Replace the file by renaming, so that no half of it is ever seen.
   */
  static Discovery file(Path file) {
    return new WatchedFile(file);
  }

  /**
   * Each address of a name, as an endpoint of its own with the label {@code name}; asked of the
   * system, every 30 seconds. The JDK itself keeps an answer for up to 30 seconds, unless {@code
   * networkaddress.cache.ttl} says otherwise. A pool that should see one endpoint instead is built
   * from the name itself, which is resolved anew for each connection.
   *
   * @throws IllegalArgumentException if host or port are not fit for an endpoint
   */
  static Discovery dns(String host, int port) {
    return new SystemAddresses(host, port);
  }

  /**
   * Each address of a name, A and AAAA, as an endpoint of its own with the label {@code name};
   * asked of the DNS servers directly, so the system's hosts file is not looked at. Asked again
   * when the answer has expired, at most every second and at least after {@link
   * DnsOptions#interval()}.
   *
   * @throws IllegalArgumentException if host or port are not fit for an endpoint
   */
  static Discovery dns(String host, int port, DnsOptions options) {
    return new DnsAddresses(host, port, options);
  }

  /** The endpoints of a DNS service, as {@link #srv(String, DnsOptions)} with default options. */
  static Discovery srv(String service) {
    return new DnsServices(service, DnsOptions.defaults());
  }

  /**
   * The endpoints of a DNS service such as {@code _orders._tcp.example.com} (RFC 2782), with their
   * ports, weights and priorities. A weight of 0 counts as 1.
   *
   * <p>Asked again when the answer has expired, at most every second and at least after {@link
   * DnsOptions#interval()}. The hosts stay names, resolved by the system for each connection; if
   * {@link DnsOptions#servers(String...) servers were named}, those are asked for the addresses
   * too, and each address is an endpoint with the label {@code name}.
   *
   * @throws IllegalArgumentException if the name is not one
   */
  static Discovery srv(String service, DnsOptions options) {
    return new DnsServices(service, options);
  }

  /**
   * What a supplier says, every {@code interval}. It may block and throw.
   *
   * @throws IllegalArgumentException if the interval is less than 100 ms
   */
  static Discovery polling(Callable<List<Endpoint>> supplier, Duration interval) {
    return new Polling(supplier, interval);
  }
}
