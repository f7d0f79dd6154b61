package io.github.tcppool;

import io.github.tcppool.balance.Balancer;
import io.github.tcppool.discovery.Discovery;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.internal.PoolSpec;
import io.github.tcppool.internal.Pools;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A pool of TCP connections to one or several endpoints, which reconnects by itself.
 *
 * <pre>{@code
 * try (TcpPool pool = TcpPool.builder("10.0.0.1:9999").connections(2, 10).framing(Framing.lines()).build()) {
 *   pool.send("Hello, world!\n".getBytes(UTF_8));
 *   byte[] reply = pool.exchange("PING\n".getBytes(UTF_8));
 * }
 * }</pre>
 *
 * <p>A connection is owned by one caller at a time. All methods may be called by any number of
 * threads, platform or virtual.
 *
 * <p><b>Time.</b> One deadline bounds each call, from the wait for a connection to the last byte of
 * the reply: the one of its {@link CallOptions}, else {@link PoolOptions#callTimeout()}.
 *
 * <p><b>Interrupts.</b> A call that has to wait while its thread is interrupted fails with {@link
 * CallInterruptedException}, the flag stays set, and nobody else is affected. A call that need not
 * wait does not look at the flag.
 *
 * <p><b>Failures.</b> Every failure is an {@link IOException} that implements {@link CallFailure}
 * and tells how far the message got. Wrong arguments are refused with {@link
 * IllegalArgumentException} or {@link NullPointerException} before anything is done.
 */
public interface TcpPool extends AutoCloseable {

  /**
   * A builder for a pool over these endpoints, each {@code host:port} or {@code [ipv6]:port}.
   *
   * @throws IllegalArgumentException if there is none, or one is malformed or named twice
   */
  static Builder builder(String... endpoints) {
    return builder(Require.parsed(endpoints));
  }

  /** A builder for a pool over these endpoints, as {@link #builder(String...)}. */
  static Builder builder(List<Endpoint> endpoints) {
    return new Builder(endpoints);
  }

  /**
   * A builder for a pool whose endpoints are found by a discovery, from the moment it is built and
   * for as long as it lives. Until the first ones are found, calls wait for them, up to their
   * deadlines.
   */
  static Builder builder(Discovery discovery) {
    return new Builder(Objects.requireNonNull(discovery, "discovery must not be null"));
  }

  /** A pool over these endpoints with default options. No server needs to be up. */
  static TcpPool open(String... endpoints) {
    return builder(endpoints).build();
  }

  /**
   * Writes one whole message to one connection: {@code send(message, 0, message.length,
   * CallOptions.defaults())}.
   *
   * @see #send(byte[], int, int, CallOptions)
   */
  default void send(byte[] message) throws IOException {
    send(message, CallOptions.defaults());
  }

  /**
   * Writes one whole message to one connection, as {@link #send(byte[], int, int, CallOptions)}.
   */
  default void send(byte[] message, CallOptions options) throws IOException {
    Objects.requireNonNull(message, "message must not be null");
    send(message, 0, message.length, options);
  }

  /**
   * Writes one whole message to one connection, with what the framing puts around it.
   *
   * <p>Returns when the kernel has taken all bytes. <b>That is not a proof of delivery</b>: only a
   * reply is, so use {@code exchange} where it matters. Connections are taken in turn; busy ones
   * are passed over.
   *
   * <p>What happens when a connection fails depends on how far the message got:
   *
   * <ul>
   *   <li>nothing written: it goes out on another connection, until the deadline
   *   <li>written in part: the connection is reset; the message is sent again if the framing {@link
   *       Framing#revealsTruncation() reveals truncation} and {@link PoolOptions#resendTorn()} is
   *       on, or if the call is {@link CallOptions#idempotent()}; else the call fails with {@link
   *       Outcome#PARTIAL}
   * </ul>
   *
   * @param message is not changed and not kept
   * @throws IllegalArgumentException if the message is empty or the framing cannot carry it
   * @throws IOException that implements {@link CallFailure}
   */
  void send(byte[] message, int offset, int length, CallOptions options) throws IOException;

  /** Sends a request and returns its reply, as {@link #exchange(byte[], CallOptions)}. */
  default byte[] exchange(byte[] request) throws IOException {
    return exchange(request, CallOptions.defaults());
  }

  /**
   * Sends a request and returns the payload of the one frame that answers it on the same
   * connection.
   *
   * <p>Retried as {@code send} is; a request that was written whole and got no reply is sent again
   * only if the call is {@link CallOptions#idempotent()}, and fails with {@link Outcome#UNKNOWN}
   * otherwise. A connection whose reply did not come is closed, so that a late reply never reaches
   * anyone else.
   *
   * @throws IllegalStateException if the pool has no framing
   * @throws IllegalArgumentException if the request is empty or the framing cannot carry it
   * @throws IOException that implements {@link CallFailure}
   */
  byte[] exchange(byte[] request, CallOptions options) throws IOException;

  /** Holds a dialogue on one connection, as {@link #exchange(Conversation, CallOptions)}. */
  default <T> T exchange(Conversation<T> conversation) throws IOException {
    return exchange(conversation, CallOptions.defaults());
  }

  /**
   * Holds a dialogue on one connection and returns what it yields.
   *
   * <p>When the conversation fails with an {@link IOException}, it runs again on another connection
   * if it had not written anything, or if the call is {@link CallOptions#idempotent()}. Other
   * exceptions go to the caller as they are.
   */
  <T> T exchange(Conversation<T> conversation, CallOptions options) throws IOException;

  /** The next frame from any connection, as {@link #receive(CallOptions)}. */
  default byte[] receive() throws IOException {
    return receive(CallOptions.defaults());
  }

  /**
   * Returns the payload of the next frame that arrives on any connection outside of a {@code lease}
   * or {@code exchange}; without a framing, the next bytes as they arrive, at least one.
   *
   * <p>Frames of one connection come in order; connections take turns. What arrived before the
   * first call is not lost, up to {@link PoolOptions#maxInboundBytes()} per connection, and 16
   * times that of connections that have ended; the log tells what is dropped. When a peer ends the
   * stream within a frame, the rest is dropped and the connection closed with {@link
   * CloseReason#BAD_FRAME}; other connections go on.
   *
   * @throws CallTimeoutException when nothing arrived before the deadline
   */
  byte[] receive(CallOptions options) throws IOException;

  /** Lends a connection, as {@link #lease(CallOptions)}. */
  default PooledSocket lease() throws IOException {
    return lease(CallOptions.defaults());
  }

  /**
   * Lends a connection as a {@link java.net.Socket}, until it is closed. Waits for one up to the
   * deadline, first come, first served; the deadline does not bound the use of the socket.
   */
  PooledSocket lease(CallOptions options) throws IOException;

  /** Lends a connection if one is idle, else nothing; never waits and never dials. */
  default Optional<PooledSocket> tryLease() throws IOException {
    return tryLease(CallOptions.defaults());
  }

  /** As {@link #tryLease()}, with a key for the balancer. */
  Optional<PooledSocket> tryLease(CallOptions options) throws IOException;

  /** A queue in front of {@code send}, as {@link #outbox(OutboxOptions)}. */
  default Outbox outbox() {
    return outbox(OutboxOptions.defaults());
  }

  /**
   * A bounded queue in front of {@code send}, whose {@code offer} returns at once. A pool may have
   * several; {@link #close(Duration)} closes them first, within its time. Of a closed pool it is
   * closed from the start.
   */
  Outbox outbox(OutboxOptions options);

  /**
   * One socket over all connections: what is written goes out by {@code send}, what is read comes
   * from {@code receive}. The Go library's {@code net.Conn}.
   *
   * <p>The framing splits what is written into messages, however the writes are sliced: an
   * incomplete message stays in the socket until the rest comes, and {@code close} fails if it
   * never does. A write that fails keeps nothing of what it had not sent. <b>Without a framing
   * every single {@code write} is one message</b>, so that {@code write(int)} sends one byte to one
   * connection and the next byte to another one, and a {@code PrintWriter} or {@code
   * BufferedOutputStream} cuts wherever its buffer ends. Use a framing.
   *
   * <p>{@code setSoTimeout} bounds a read, the deadlines both ways. {@code close} closes this
   * socket only, not the pool.
   */
  DeadlineSocket asSocket() throws SocketException;

  /**
   * A factory whose sockets are leases when they connect to an address of this pool, and plain
   * sockets otherwise; for libraries that take a {@code SocketFactory}.
   */
  SocketFactory asSocketFactory();

  /** The options as they stand. */
  PoolOptions options();

  /**
   * Changes options while the pool is in use: {@code pool.update(o -> o.connections(4, 20))}.
   *
   * <p>A raised minimum is filled in the background; a lowered maximum closes idle connections now
   * and leased ones when they are returned. Waiting callers keep their deadlines.
   *
   * @param change is called again if another update came between, so it should change nothing but
   *     the builder
   * @throws IllegalStateException if called from within a change, which would undo it
   */
  void update(Consumer<PoolOptions.Builder> change);

  /** Closes all idle connections now, in an orderly way, and leased ones when they are returned. */
  default void evict() {
    evict(endpoint -> true);
  }

  /**
   * As {@link #evict()}, for some endpoints only; returns at once. The predicate runs in this
   * thread.
   */
  void evict(Predicate<? super Endpoint> which);

  /**
   * How the pool stands. Costs some microseconds for a hundred connections; takes no part in calls.
   */
  PoolSnapshot snapshot();

  /** Closes the pool, as {@code close(options().closeTimeout())}. Does nothing the second time. */
  @Override
  void close();

  /**
   * Refuses new calls, turns away those that wait for a connection, lets those that hold one
   * finish, closes every connection in an orderly way, and forces what is left when the time is up.
   *
   * <p>Returns within the time given and a quarter of a second. An interrupt ends the wait and
   * forces the rest. The second call waits for the first one and returns its report.
   *
   * @throws IllegalArgumentException if the time is negative
   */
  CloseReport close(Duration timeout);

  /**
   * Builds a pool. What is set here but not in {@link PoolOptions} stays as it is for the life of
   * the pool.
   */
  final class Builder extends PoolSettings<Builder> {

    private final List<Endpoint> endpoints;
    private final @Nullable Discovery discovery;
    private Duration removalGrace = Duration.ZERO;
    private final List<PoolListener> listeners = new ArrayList<>();
    private String name = "tcp-pool";
    private Framing framing = Framing.none();
    private Balancer balancer = Balancer.roundRobin();
    private @Nullable ConnectHook hook;
    private @Nullable TlsOptions tls;
    private boolean eager;

    Builder(Discovery discovery) {
      endpoints = List.of();
      this.discovery = discovery;
    }

    Builder(List<Endpoint> endpoints) {
      discovery = null;
      this.endpoints = Require.endpoints(endpoints);
    }

    @Override
    Builder self() {
      return this;
    }

    /** The name in logs, failures and threads; 1 to 64 characters. Default {@code tcp-pool}. */
    public Builder name(String poolName) {
      name = Require.poolName(poolName);
      return this;
    }

    /**
     * How messages are told apart. Default {@link Framing#none()}.
     *
     * @throws IllegalArgumentException if its maximum is less than 1, or its overhead not 0 to 64
     */
    public Builder framing(Framing messageFraming) {
      framing = Require.framing(messageFraming);
      return this;
    }

    /** How the endpoint of each call is chosen. Default {@link Balancer#roundRobin()}. */
    public Builder balancer(Balancer endpointBalancer) {
      balancer = Objects.requireNonNull(endpointBalancer, "balancer must not be null");
      return this;
    }

    /** Who is told what happens; may be called several times. */
    public Builder listener(PoolListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener must not be null"));
      return this;
    }

    /** What is done with every new connection before its first use. */
    public Builder onConnect(ConnectHook connectHook) {
      hook = Objects.requireNonNull(connectHook, "connect hook must not be null");
      return this;
    }

    /** As {@link #tls(TlsOptions)}, on the safe terms of {@link TlsOptions#defaults()}. */
    public Builder tls() {
      return tls(TlsOptions.defaults());
    }

    /**
     * Speaks TLS to every endpoint, from the dial on; by default all goes in clear. {@link
     * #build()} refuses files that cannot be used.
     */
    public Builder tls(TlsOptions options) {
      tls = Objects.requireNonNull(options, "tls must not be null");
      return this;
    }

    /**
     * Lets {@link #build()} make the minimum of connections (at least one) to every endpoint before
     * it returns, and fail if that does not work.
     */
    public Builder connectEagerly() {
      eager = true;
      return this;
    }

    /**
     * For how long an endpoint that a discovery does not find any more is kept all the same: it may
     * only be missing from one answer. Default 0, at least 0.
     *
     * @throws IllegalArgumentException if it is negative
     * @throws IllegalStateException if the pool has no discovery
     */
    public Builder removalGrace(Duration grace) {
      if (discovery == null) {
        throw new IllegalStateException("removal grace must have a discovery to delay");
      }
      removalGrace = Require.notNegative("removal grace", grace);
      return this;
    }

    /** The endpoints, as given; none if a discovery is to find them. */
    public List<Endpoint> endpoints() {
      return endpoints;
    }

    /**
     * Makes the pool. Returns at once, unless {@link #connectEagerly()} was called: then it waits
     * up to {@code callTimeout}.
     *
     * @throws java.io.UncheckedIOException if the pool was to connect eagerly and could not;
     *     nothing is left behind
     */
    public TcpPool build() {
      return Pools.create(
          new PoolSpec(
              name,
              endpoints,
              discovery,
              removalGrace,
              framing,
              balancer,
              List.copyOf(listeners),
              hook,
              tls,
              eager,
              new PoolOptions(this)));
    }
  }
}
