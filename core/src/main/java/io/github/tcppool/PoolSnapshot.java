package io.github.tcppool;

import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

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
 * @param notRepeated calls that could have been sent again and were not, as the retry budget was
 *     used up
 * @param inboundFrames frames read and not yet taken by {@code receive}
 * @param closedBy connections closed so far, by reason; only reasons that occurred
 * @param outboxes the outboxes that are open
 * @param discovery what came of looking for endpoints, and what those had done that left
 */
public record PoolSnapshot(
    String name,
    boolean closed,
    List<EndpointSnapshot> endpoints,
    int waiting,
    long timeouts,
    long resent,
    long notRepeated,
    int inboundFrames,
    Map<CloseReason, Long> closedBy,
    List<OutboxSnapshot> outboxes,
    DiscoverySnapshot discovery) {

  /** Copies the collections. */
  public PoolSnapshot {
    endpoints = List.copyOf(endpoints);
    closedBy = Map.copyOf(closedBy);
    outboxes = List.copyOf(outboxes);
  }

  /** Idle connections of all endpoints; those that leave have none. */
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

  /** Idle, leased, dialing and closing connections of all endpoints, leaving ones included. */
  public int total() {
    return sum(EndpointSnapshot::total);
  }

  /** Connections ever opened, to all endpoints that the pool ever had. */
  public long opened() {
    return sumOfLongs(EndpointSnapshot::opened) + discovery.departed().opened();
  }

  /** Messages and leases served by all endpoints that the pool ever had. */
  public long messages() {
    return sumOfLongs(EndpointSnapshot::messages) + discovery.departed().messages();
  }

  private Stream<EndpointSnapshot> all() {
    return Stream.concat(endpoints.stream(), discovery.leaving().stream());
  }

  private int sum(ToIntFunction<EndpointSnapshot> figure) {
    return all().mapToInt(figure).sum();
  }

  private long sumOfLongs(ToLongFunction<EndpointSnapshot> figure) {
    return all().mapToLong(figure).sum();
  }
}
