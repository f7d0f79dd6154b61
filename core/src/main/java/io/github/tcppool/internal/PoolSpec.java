package io.github.tcppool.internal;

import io.github.tcppool.ConnectHook;
import io.github.tcppool.Endpoint;
import io.github.tcppool.PoolListener;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.framing.Framing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a pool is built from. */
public record PoolSpec(
    String name,
    List<Endpoint> endpoints,
    Framing framing,
    Balancer balancer,
    List<PoolListener> listeners,
    @Nullable ConnectHook hook,
    boolean eager,
    PoolOptions options) {}
