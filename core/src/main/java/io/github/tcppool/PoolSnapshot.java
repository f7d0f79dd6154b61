package io.github.tcppool;

import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * How a pool stands at one moment. Numbers of one endpoint agree with each other up to calls under
 * way.
 *
 * @param name the pool's name
 * @param closed whether the pool is closed
 * @param endpoints one entry per endpoint, in the order of the pool
 * @param waiting callers waiting for a connection
 * @param timeouts calls that waited for a connection until their deadline
 * @param resent messages and requests sent again because that was safe
 * @param inboundFrames frames read and not yet taken by {@code receive}
 * @param closedBy connections closed so far, by reason; only reasons that occurred
 * @param outboxes the outboxes that are open
 */
public record PoolSnapshot(
    String name,
    boolean closed,
    List<EndpointSnapshot> endpoints,
    int waiting,
    long timeouts,
    long resent,
    int inboundFrames,
    Map<CloseReason, Long> closedBy,
    List<OutboxSnapshot> outboxes) {

  /** Copies the collections. */
  public PoolSnapshot {
    endpoints = List.copyOf(endpoints);
    closedBy = Map.copyOf(closedBy);
    outboxes = List.copyOf(outboxes);
  }

  /** Idle connections of all endpoints. */
  public int idle() {
    return sum(EndpointSnapshot::idle);
  }

  /** Leased connections of all endpoints. */
  public int leased() {
    return sum(EndpointSnapshot::leased);
  }

  /** Connections being made, of all endpoints. */
  public int dialing() {
    return sum(EndpointSnapshot::dialing);
  }

  /** Idle, leased, dialing and closing connections of all endpoints. */
  public int total() {
    return sum(EndpointSnapshot::total);
  }

  /** Connections ever opened, of all endpoints. */
  public long opened() {
    return sumOfLongs(EndpointSnapshot::opened);
  }

  /** Messages and leases served by all endpoints. */
  public long messages() {
    return sumOfLongs(EndpointSnapshot::messages);
  }

  private int sum(ToIntFunction<EndpointSnapshot> figure) {
    return endpoints.stream().mapToInt(figure).sum();
  }

  private long sumOfLongs(ToLongFunction<EndpointSnapshot> figure) {
    return endpoints.stream().mapToLong(figure).sum();
  }
}
