package io.github.tcppool.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A TCP proxy on the loopback interface that does harm to what passes, while it passes.
 *
 * <p>Put it between a client and a real server when the server is not a {@link TcpPeer}, or when
 * the fault belongs to the network rather than to the server:
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to(server)) {
 *   var client = new Client(proxy.hostPort());
 *   proxy.both().latency(Duration.ofMillis(20), Duration.ofMillis(5));
 *   proxy.downstream().cutAfter(100);   // a FIN in the middle of a reply
 *   proxy.upstream().freeze();          // the client's writes block
 *   proxy.heal();
 * }
 * }</pre>
 *
 * <p>Upstream is from the client to the server, downstream the way back. Every connection has two
 * daemon threads. All methods may be called by any thread while traffic flows. A client is accepted
 * before its server is dialled; if the server refuses, or does not answer within 5 s, the client
 * gets a RST.
 *
 * <p>{@link #close()} resets what is open, frees the port and waits for all threads to end.
 */
public final class FaultProxy implements AutoCloseable {
  private static final Duration THREADS_LIMIT = Duration.ofSeconds(5);

  /** What a link needs to know to find its server. */
  record Route(
      InetSocketAddress target,
      long seed,
      Loop loop,
      Crew crew,
      OneWay upstream,
      OneWay downstream) {}

  private final long seed;
  private final Duration patience;
  private final Tally tally = new Tally();
  private final Crew crew = new Crew();
  private final Loop loop = Loop.start("testkit-proxy-loop");
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final OneWay upstream;
  private final OneWay downstream;
  private final Direction both;
  private final Port port;
  private volatile InetSocketAddress target;
  private volatile boolean blackholed;

  private FaultProxy(FaultProxyBuilder settings) {
    target = settings.target;
    seed = settings.seed;
    patience = settings.patience;
    upstream =
        new OneWay(
            "upstream", tally, patience, action -> links.forEach(link -> link.withUp(action)));
    downstream =
        new OneWay(
            "downstream", tally, patience, action -> links.forEach(link -> link.withDown(action)));
    both = new BothWays(upstream, downstream, tally, patience);
    port = new Port("testkit-proxy", settings.address(), 128, 0, loop, crew, this::take);
  }

  /** Starts a proxy to this server on a free port of 127.0.0.1. */
  public static FaultProxy to(InetSocketAddress target) {
    return builder(target).start();
  }

  /** Collects the settings of a proxy that needs more than a target. */
  public static FaultProxyBuilder builder(InetSocketAddress target) {
    return new FaultProxyBuilder(target);
  }

  static FaultProxy start(FaultProxyBuilder settings) {
    FaultProxy proxy = new FaultProxy(settings);
    try {
      proxy.port.open();
      return proxy;
    } catch (RuntimeException e) {
      proxy.loop.close();
      throw e;
    }
  }

  private void take(SocketChannel channel) {
    Wire client;
    try {
      client = new Wire(loop, channel);
    } catch (IOException e) {
      return; // The client has gone already.
    }
    int number = accepted.incrementAndGet();
    Link link = new Link(number, client, !blackholed, this::forget);
    links.add(link);
    tally.changed();
    Route route = new Route(target, seed, loop, crew, upstream, downstream);
    crew.start("testkit-proxy-" + number + "-up", () -> link.run(route));
    if (!link.isServed() && !blackholed) {
      link.end(true); // Healed in this very moment, and not seen by heal().
    }
  }

  private void forget(Link link) {
    links.remove(link);
    tally.changed();
  }

  /** The port, which stays the same over a restart. */
  public int port() {
    return address().getPort();
  }

  /** The address that clients connect to. */
  public InetSocketAddress address() {
    return port.address();
  }

  /** The address as one writes it: {@code 127.0.0.1:9999} or {@code [::1]:9999}. */
  public String hostPort() {
    return Port.hostPort(address());
  }

  /** The server to which new connections go. */
  public InetSocketAddress target() {
    return target;
  }

  /** Sends new connections to another server; open ones stay where they are. */
  public void retarget(InetSocketAddress next) {
    target = next;
  }

  /** What goes from clients to the server. */
  public Direction upstream() {
    return upstream;
  }

  /** What goes from the server to clients. */
  public Direction downstream() {
    return downstream;
  }

  /** Both directions at once. */
  public Direction both() {
    return both;
  }

  /** Closes the port, so that connects are refused; open connections go on. */
  public void refuse() {
    port.close(false);
  }

  /**
   * Lets nothing through any more, neither way, and still accepts: connections stay open, bytes and
   * FINs vanish. {@link #heal()} resets all connections that were accepted or lost bytes meanwhile.
   */
  public void blackhole() {
    blackholed = true;
    both.swallow();
  }

  /** Leaves new clients in the kernel's backlog: connected, but served by nobody. */
  public void pauseAccepting() {
    port.pause(true);
  }

  /** Accepts again after {@link #pauseAccepting()}. */
  public void resumeAccepting() {
    port.pause(false);
  }

  /** Closes every open connection with a FIN to both sides; goes on listening. */
  public void closeAll() {
    links.forEach(link -> link.end(false));
    loop.flush();
  }

  /** Closes every open connection with a RST to both sides; goes on listening. */
  public void resetAll() {
    links.forEach(link -> link.end(true));
    loop.flush();
  }

  /** Dies: closes the port, and every connection with a RST. */
  public void kill() {
    refuse();
    resetAll();
  }

  /**
   * Kills the proxy and listens again on the same port; faults stay as they are.
   *
   * @throws java.io.UncheckedIOException if the port is still taken after 5 s
   */
  public void restart() {
    kill();
    port.open();
  }

  /** Ends all faults: both directions flow, and the port accepts. */
  public void heal() {
    blackholed = false;
    links.stream().filter(link -> !link.isServed()).forEach(link -> link.end(true));
    both.heal();
    port.pause(false);
    port.open();
  }

  /** Kills the proxy and waits for its threads; idempotent. */
  @Override
  public void close() {
    port.retire();
    resetAll();
    try {
      crew.finish(THREADS_LIMIT);
    } finally {
      loop.close();
    }
  }

  /** How many clients were accepted so far. */
  public int accepted() {
    return accepted.get();
  }

  /** How many connections go through the proxy now. */
  public int open() {
    return links.size();
  }

  /** Waits until so many clients have been accepted. */
  public void awaitAccepted(int connections) {
    await("at least " + connections + " accepted", () -> accepted() >= connections);
  }

  /** Waits until exactly so many connections are open. */
  public void awaitOpen(int connections) {
    await("exactly " + connections + " open", () -> open() == connections);
  }

  private void await(String wanted, BooleanSupplier fact) {
    tally.await(patience, fact, wanted + " by " + hostPort(), this::story);
  }

  private String story() {
    return accepted + " accepted, " + open() + " open; " + both;
  }

  @Override
  public String toString() {
    return "FaultProxy " + hostPort() + " to " + Port.hostPort(target) + ": " + story();
  }
}
