package io.github.tcppool;

import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The options of a pool as they are being written, shared by {@link TcpPool.Builder} and {@link
 * PoolOptions.Builder}.
 *
 * <p>Every method refuses a bad value at once with an {@link IllegalArgumentException} that names
 * the rule and the value. Not for use by several threads.
 *
 * @param <B> the builder itself
 */
public abstract sealed class PoolSettings<B extends PoolSettings<B>>
    permits PoolOptions.Builder, TcpPool.Builder {

  int minConnections;
  int maxConnections = 10;
  Duration callTimeout = Duration.ofSeconds(30);
  Duration connectTimeout = Duration.ofSeconds(5);
  Duration writeTimeout = Duration.ofSeconds(10);
  Duration maxIdle = Duration.ofMinutes(5);
  Duration maxLifetime = Duration.ofMinutes(30);
  Duration drainTimeout = Duration.ofSeconds(2);
  Duration closeTimeout = Duration.ofSeconds(5);
  Duration leakThreshold = Duration.ZERO;
  int maxTotalConnections = Integer.MAX_VALUE;
  int maxPending = 10_000;
  int maxDials = 4;
  int maxInboundBytes = 1 << 20;
  RetryPolicy retry = RetryPolicy.untilDeadline();
  HealthPolicy health = HealthPolicy.defaults();
  OverloadPolicy overload = OverloadPolicy.none();
  PickOrder sendOrder = PickOrder.ROTATE;
  PickOrder leaseOrder = PickOrder.LAST_USED;
  boolean resendTorn = true;
  boolean ignoreInbound = false;
  @Nullable ProtocolFamily family;
  @Nullable SocketAddress localAddress;
  Map<SocketOption<?>, Object> socketOptions = new LinkedHashMap<>();

  PoolSettings() {
    socketOptions.putAll(SocketDefaults.options());
  }

  PoolSettings(PoolOptions from) {
    minConnections = from.minConnections();
    maxConnections = from.maxConnections();
    callTimeout = from.callTimeout();
    connectTimeout = from.connectTimeout();
    writeTimeout = from.writeTimeout();
    maxIdle = from.maxIdle();
    maxLifetime = from.maxLifetime();
    drainTimeout = from.drainTimeout();
    closeTimeout = from.closeTimeout();
    leakThreshold = from.leakThreshold();
    maxTotalConnections = from.maxTotalConnections();
    maxPending = from.maxPending();
    maxDials = from.maxDials();
    maxInboundBytes = from.maxInboundBytes();
    retry = from.retry();
    health = from.health();
    overload = from.overload();
    sendOrder = from.sendOrder();
    leaseOrder = from.leaseOrder();
    resendTorn = from.resendTorn();
    ignoreInbound = from.ignoreInbound();
    family = from.family();
    localAddress = from.localAddress();
    socketOptions.putAll(from.socketOptions());
  }

  abstract B self();

  /**
   * Exactly this many connections per endpoint, at least 1: minimum and maximum at once. Go's
   * {@code SetPoolSize}.
   */
  public B connections(int size) {
    return connections(Require.atLeast("connections", size, 1), size);
  }

  /**
   * The connections per endpoint: {@code min} are kept open even when idle, never more than {@code
   * max} exist, closing ones included. Default 0 and 10; {@code min} at least 0, {@code max} at
   * least 1 and not below {@code min}.
   */
  public B connections(int min, int max) {
    Require.atLeast("min connections", min, 0);
    Require.atLeast("max connections", max, 1);
    if (min > max) {
      throw new IllegalArgumentException(
          "min connections must not exceed max connections (" + max + "), but was " + min);
    }
    minConnections = min;
    maxConnections = max;
    return self();
  }

  /**
   * How long a call may take in all, when its {@link CallOptions} do not say: the wait for a
   * connection, every attempt, the reply.
   *
   * <p>Default 30 s; at least 1 ms. Lower it to what your own callers wait for.
   */
  public B callTimeout(Duration time) {
    callTimeout = Require.positive("callTimeout", time);
    return self();
  }

  /**
   * How long one dial may take: resolving, connecting to one of the addresses, the handshake of
   * TLS, and the connect hook.
   *
   * <p>Default 5 s; at least 1 ms. Lower it where the network is near.
   */
  public B connectTimeout(Duration time) {
    connectTimeout = Require.positive("connectTimeout", time);
    return self();
  }

  /**
   * How long one message may take to be handed to the kernel on one connection; after that the
   * connection is given up.
   *
   * <p>Default 10 s; at least 1 ms. Lower it to leave a peer that stopped reading sooner. The
   * deadline of the call bounds it too.
   */
  public B writeTimeout(Duration time) {
    writeTimeout = Require.positive("writeTimeout", time);
    return self();
  }

  /**
   * How long a connection above the minimum may lie unused before it is closed.
   *
   * <p>Default 5 min; 0 keeps it for ever. Stay below the idle time-out of the server, NAT or
   * firewall.
   */
  public B maxIdle(Duration time) {
    maxIdle = Require.notNegative("maxIdle", time);
    return self();
  }

  /**
   * How old a connection may get before it is replaced; each gets a random tenth less, so that they
   * do not all end together.
   *
   * <p>Default 30 min; 0 keeps it for ever. Lower it to spread load to new servers behind one
   * address sooner. The replacement is made first where the maximum leaves room.
   */
  public B maxLifetime(Duration time) {
    maxLifetime = Require.notNegative("maxLifetime", time);
    return self();
  }

  /**
   * How long a connection that is closed in an orderly way waits for the peer to close its side,
   * after our own end of stream.
   *
   * <p>Default 2 s; 0 closes without waiting. Until then it counts against the maximum.
   */
  public B drainTimeout(Duration time) {
    drainTimeout = Require.notNegative("drainTimeout", time);
    return self();
  }

  /**
   * How long {@link TcpPool#close()} waits for calls under way and for orderly closes before it
   * forces the rest.
   *
   * <p>Default 5 s; 0 forces at once.
   */
  public B closeTimeout(Duration time) {
    closeTimeout = Require.notNegative("closeTimeout", time);
    return self();
  }

  /**
   * How long a lease may be out before it is reported, once, with the stack of its borrower.
   *
   * <p>Default 0: off, as taking the stack costs some microseconds per lease. Leases whose socket
   * was garbage collected are always reported and taken back, with or without this.
   */
  public B leakThreshold(Duration time) {
    leakThreshold = Require.notNegative("leakThreshold", time);
    return self();
  }

  /**
   * The most connections to all endpoints together, closing ones included.
   *
   * <p>Default: no limit but those of the endpoints; at least 1.
   */
  public B maxTotalConnections(int value) {
    maxTotalConnections = Require.atLeast("maxTotalConnections", value, 1);
    return self();
  }

  /**
   * The most callers that may wait for a connection; one more is turned away with {@link
   * PoolExhaustedException}.
   *
   * <p>Default 10,000; at least 0, which turns away every caller that would have to wait. Lower it
   * to fail early under overload.
   */
  public B maxPending(int value) {
    maxPending = Require.atLeast("maxPending", value, 0);
    return self();
  }

  /**
   * The most dials to one endpoint at a time; to one that is failing it is always one.
   *
   * <p>Each waiting caller is a reason for one dial, up to this many. So this is how fast a pool
   * grows while callers wait: by this many connections per connect time. And it is what a burst
   * costs that returned connections serve before the dials end: at most this many connections that
   * turn out not to be needed, until {@link #maxIdle} takes them away.
   *
   * <p>Default 4; at least 1. Raise it where connecting is slow and connections are held for long;
   * lower it where the server pays dearly for each.
   */
  public B maxDials(int value) {
    maxDials = Require.atLeast("maxDials", value, 1);
    return self();
  }

  /**
   * The most bytes that are kept for {@link TcpPool#receive()} on one connection, beside the one
   * frame that is being read.
   *
   * <p>Default 1 MiB; at least 1 KiB. At this point the pool stops reading while somebody uses
   * {@code receive}; where nobody does, the connection is replaced. Whole frames of connections
   * that end, or that go on to a {@code lease} or {@code exchange}, are kept for {@code receive}
   * within the same limit, and up to 16 times as much in all; what is beyond is dropped, and the
   * log says so, once a minute at most.
   */
  public B maxInboundBytes(int value) {
    maxInboundBytes = Require.atLeast("maxInboundBytes", value, 1024);
    return self();
  }

  /**
   * How often a call tries again, and how long the pool waits between dials to a failing endpoint.
   *
   * <p>Default: until the deadline, 10 ms doubling to 250 ms.
   */
  public B retry(RetryPolicy policy) {
    retry = Objects.requireNonNull(policy, "retry must not be null");
    return self();
  }

  /**
   * When the pool stays away from an endpoint, and how it comes back.
   *
   * <p>Default {@link HealthPolicy#defaults()}.
   */
  public B health(HealthPolicy policy) {
    health = Objects.requireNonNull(policy, "health must not be null");
    return self();
  }

  /**
   * Which callers are turned away when more come than can be served.
   *
   * <p>Default {@link OverloadPolicy#none()}.
   */
  public B overload(OverloadPolicy policy) {
    overload = Objects.requireNonNull(policy, "overload must not be null");
    return self();
  }

  /**
   * Which idle connection of an endpoint {@code send} takes.
   *
   * <p>Default {@link PickOrder#ROTATE}.
   */
  public B sendOrder(PickOrder order) {
    sendOrder = Objects.requireNonNull(order, "sendOrder must not be null");
    return self();
  }

  /**
   * Which idle connection of an endpoint {@code lease} and {@code exchange} take.
   *
   * <p>Default {@link PickOrder#LAST_USED}.
   */
  public B leaseOrder(PickOrder order) {
    leaseOrder = Objects.requireNonNull(order, "leaseOrder must not be null");
    return self();
  }

  /**
   * Whether a message that was written in part is sent again on another connection when the framing
   * lets the peer see that the first one was cut off.
   *
   * <p>Default true. Switch it off if the peer acts on parts of a frame.
   */
  public B resendTorn(boolean value) {
    resendTorn = value;
    return self();
  }

  /**
   * Whether bytes that arrive while nobody waits for them are thrown away, instead of being kept
   * for {@link TcpPool#receive()} after a {@code send}, or costing the connection before a {@code
   * lease} or {@code exchange}.
   *
   * <p>Default false. For peers that acknowledge or greet and whose words nobody wants.
   */
  public B ignoreInbound(boolean value) {
    ignoreInbound = value;
    return self();
  }

  /**
   * Only addresses of this family are dialed, as Go's {@code tcp4} and {@code tcp6}; null for both.
   *
   * <p>Default null.
   */
  public B family(@Nullable ProtocolFamily ipFamily) {
    if (ipFamily != null
        && ipFamily != StandardProtocolFamily.INET
        && ipFamily != StandardProtocolFamily.INET6) {
      throw new IllegalArgumentException("family must be INET, INET6 or null, but was " + ipFamily);
    }
    family = ipFamily;
    return self();
  }

  /**
   * The local address that every connection is bound to before it is dialed, as the local address
   * of Go's {@code DialTCP}; null lets the system choose. With a port other than 0 only one
   * connection per endpoint can exist.
   *
   * <p>Default null.
   *
   * @throws IllegalArgumentException if it is not a resolved internet address
   */
  public B localAddress(@Nullable SocketAddress address) {
    if (address != null && (!(address instanceof InetSocketAddress inet) || inet.isUnresolved())) {
      throw new IllegalArgumentException(
          "localAddress must be a resolved internet address, but was " + address);
    }
    localAddress = address;
    return self();
  }

  /**
   * An option of the socket of every connection made from now on; null goes back to the system's
   * default.
   *
   * <p>Default: {@code TCP_NODELAY} and {@code SO_KEEPALIVE} on; where the platform offers it, the
   * first keep-alive probe after 30 s without traffic, one every 10 s, and the connection given up
   * after 3 without an answer; the rest as the system has it.
   */
  public <T> B socketOption(SocketOption<T> option, @Nullable T value) {
    Objects.requireNonNull(option, "socket option must not be null");
    if (value == null) {
      socketOptions.remove(option);
    } else {
      socketOptions.put(option, value);
    }
    return self();
  }
}
