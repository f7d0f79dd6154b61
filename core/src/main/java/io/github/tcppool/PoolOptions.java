package io.github.tcppool;

import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of a pool that can be changed while it is in use. Immutable; what each one means, its
 * unit, default and smallest value stand at the method of {@link PoolSettings} with the same name.
 */
public final class PoolOptions {

  private final int minConnections;
  private final int maxConnections;
  private final Duration callTimeout;
  private final Duration connectTimeout;
  private final Duration writeTimeout;
  private final Duration maxIdle;
  private final Duration maxLifetime;
  private final Duration drainTimeout;
  private final Duration closeTimeout;
  private final Duration leakThreshold;
  private final int maxTotalConnections;
  private final int maxPending;
  private final int maxDials;
  private final int maxInboundBytes;
  private final RetryPolicy retry;
  private final HealthPolicy health;
  private final OverloadPolicy overload;
  private final PickOrder sendOrder;
  private final PickOrder leaseOrder;
  private final boolean resendTorn;
  private final boolean ignoreInbound;
  private final @Nullable ProtocolFamily family;
  private final @Nullable SocketAddress localAddress;
  private final Map<SocketOption<?>, Object> socketOptions;
  private final long callTimeoutNanos;
  private final long writeTimeoutNanos;

  PoolOptions(PoolSettings<?> from) {
    minConnections = from.minConnections;
    maxConnections = from.maxConnections;
    callTimeout = from.callTimeout;
    connectTimeout = from.connectTimeout;
    writeTimeout = from.writeTimeout;
    maxIdle = from.maxIdle;
    maxLifetime = from.maxLifetime;
    drainTimeout = from.drainTimeout;
    closeTimeout = from.closeTimeout;
    leakThreshold = from.leakThreshold;
    maxTotalConnections = from.maxTotalConnections;
    maxPending = from.maxPending;
    maxDials = from.maxDials;
    maxInboundBytes = from.maxInboundBytes;
    retry = from.retry;
    health = from.health;
    overload = from.overload;
    sendOrder = from.sendOrder;
    leaseOrder = from.leaseOrder;
    resendTorn = from.resendTorn;
    ignoreInbound = from.ignoreInbound;
    family = from.family;
    localAddress = from.localAddress;
    socketOptions = Map.copyOf(from.socketOptions);
    callTimeoutNanos = callTimeout.toNanos();
    writeTimeoutNanos = writeTimeout.toNanos();
  }

  /** The defaults. */
  public static PoolOptions defaults() {
    return new Builder().build();
  }

  /** A builder that starts with these options. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The connections per endpoint that are kept open even when idle. */
  public int minConnections() {
    return minConnections;
  }

  /** The most connections per endpoint. */
  public int maxConnections() {
    return maxConnections;
  }

  /** See {@link PoolSettings#callTimeout}. */
  public Duration callTimeout() {
    return callTimeout;
  }

  /** See {@link PoolSettings#connectTimeout}. */
  public Duration connectTimeout() {
    return connectTimeout;
  }

  /** See {@link PoolSettings#writeTimeout}. */
  public Duration writeTimeout() {
    return writeTimeout;
  }

  /** See {@link PoolSettings#maxIdle}. */
  public Duration maxIdle() {
    return maxIdle;
  }

  /** See {@link PoolSettings#maxLifetime}. */
  public Duration maxLifetime() {
    return maxLifetime;
  }

  /** See {@link PoolSettings#drainTimeout}. */
  public Duration drainTimeout() {
    return drainTimeout;
  }

  /** See {@link PoolSettings#closeTimeout}. */
  public Duration closeTimeout() {
    return closeTimeout;
  }

  /** See {@link PoolSettings#leakThreshold}. */
  public Duration leakThreshold() {
    return leakThreshold;
  }

  /** See {@link PoolSettings#maxTotalConnections}. */
  public int maxTotalConnections() {
    return maxTotalConnections;
  }

  /** See {@link PoolSettings#maxPending}. */
  public int maxPending() {
    return maxPending;
  }

  /** See {@link PoolSettings#maxDials}. */
  public int maxDials() {
    return maxDials;
  }

  /** See {@link PoolSettings#maxInboundBytes}. */
  public int maxInboundBytes() {
    return maxInboundBytes;
  }

  /** See {@link PoolSettings#retry}. */
  public RetryPolicy retry() {
    return retry;
  }

  /** See {@link PoolSettings#health}. */
  public HealthPolicy health() {
    return health;
  }

  /** See {@link PoolSettings#overload}. */
  public OverloadPolicy overload() {
    return overload;
  }

  /** See {@link PoolSettings#sendOrder}. */
  public PickOrder sendOrder() {
    return sendOrder;
  }

  /** See {@link PoolSettings#leaseOrder}. */
  public PickOrder leaseOrder() {
    return leaseOrder;
  }

  /** See {@link PoolSettings#resendTorn}. */
  public boolean resendTorn() {
    return resendTorn;
  }

  /** See {@link PoolSettings#ignoreInbound}. */
  public boolean ignoreInbound() {
    return ignoreInbound;
  }

  /** The call timeout in nanoseconds, ready for every call. */
  public long callTimeoutNanos() {
    return callTimeoutNanos;
  }

  /** The write timeout in nanoseconds, ready for every call. */
  public long writeTimeoutNanos() {
    return writeTimeoutNanos;
  }

  /** The only address family that is dialed, or null for both. */
  public @Nullable ProtocolFamily family() {
    return family;
  }

  /** The local address that connections are bound to, or null. */
  public @Nullable SocketAddress localAddress() {
    return localAddress;
  }

  /** The options that every new connection's socket gets. */
  public Map<SocketOption<?>, Object> socketOptions() {
    return socketOptions;
  }

  /** Builds options for {@link TcpPool#update}. */
  public static final class Builder extends PoolSettings<Builder> {

    Builder() {}

    Builder(PoolOptions from) {
      super(from);
    }

    @Override
    Builder self() {
      return this;
    }

    /** The options as they stand. */
    public PoolOptions build() {
      return new PoolOptions(this);
    }
  }
}
