package io.github.tcppool.internal;

import io.github.tcppool.ConnectHook;
import io.github.tcppool.Endpoint;
import io.github.tcppool.PoolListener;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.TlsOptions;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.discovery.Discovery;
import io.github.tcppool.framing.Framing;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a pool is built from: its endpoints, or a discovery that finds them. */
public record PoolSpec(
    String name,
    List<Endpoint> endpoints,
    @Nullable Discovery discovery,
    Duration removalGrace,
    Framing framing,
    Balancer balancer,
    List<PoolListener> listeners,
    @Nullable ConnectHook hook,
    @Nullable TlsOptions tls,
    boolean eager,
    PoolOptions options) {}
