package io.github.tcppool.balance;

import io.github.tcppool.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the endpoint for the next call.
 *
 * <p>A balancer sees endpoints and figures about them, never connections. It is asked once per call
 * while at least one endpoint is usable, and again when a call is retried. The choice is a wish:
 * where the chosen endpoint has no connection to offer and another one has, the call goes there
 * instead of waiting, unless {@link #isBinding()}; connections to a chosen endpoint that has none
 * yet are made in the background.
 *
 * <p>Implementations are called by any number of threads at once, on the way of every call: they
 * should take some nanoseconds and allocate nothing. With one endpoint a balancer is not asked at
 * all.
 *
 * <p>A balancer of one's own, which always takes the endpoint in the caller's zone if it can:
 *
 * <pre>{@code
 * Balancer local = (candidates, key) -> {
 *   for (int i = 0; i < candidates.size(); i++) {
 *     if (candidates.isUsable(i) && "a".equals(candidates.endpoint(i).labels().get("zone"))) {
 *       return i;
 *     }
 *   }
 *   return 0;
 * };
 * }</pre>
 */
@FunctionalInterface
public interface Balancer {

  /**
   * Chooses one of the candidates.
   *
   * @param key the key of {@link io.github.tcppool.CallOptions#key}, or null
   * @return an index from 0 to {@code candidates.size() - 1}
   */
  int pick(Candidates candidates, @Nullable Object key);

  /**
   * Whether a call must wait for the endpoint that was picked although another one has an idle
   * connection. Default false. A call that waits for an endpoint which becomes unusable while
   * another one is usable does not go on waiting: the balancer is asked again.
   */
  default boolean isBinding() {
    return false;
  }

  /**
   * Each usable endpoint in turn. The default.
   *
   * <p>For endpoints that are alike. One that is slow gets as many calls as the others, and callers
   * end up waiting for it. Turns as a way to be fair without knowing anything are J. Nagle's, "On
   * Packet Switches With Infinite Storage" (RFC 970, 1985).
   *
   * <p>The share of an endpoint that is not usable goes to all others evenly. Cost: one atomic
   * step, some 5 ns.
   */
  static Balancer roundRobin() {
    return new RoundRobin();
  }

  /**
   * Any usable endpoint, each with the same probability, independent of the picks before.
   *
   * <p>For many pools over the same endpoints, which in turn would walk in step. How uneven chance
   * alone is at any moment is worked out in M. Raab and A. Steger, "Balls into Bins - A Simple and
   * Tight Analysis" (1998); {@link #leastLoaded} draws twice for that reason. Cost: one random
   * number, some 10 ns.
   */
  static Balancer random() {
    return RandomPick.INSTANCE;
  }

  /**
   * The usable endpoint with the least {@linkplain Candidates#load load}: of all where up to four
   * are usable, otherwise of two drawn at random (M. Mitzenmacher, "The Power of Two Choices in
   * Randomized Load Balancing", 2001). Of two with the same load, the one picked less often within
   * the last second.
   *
   * <p>For servers of unequal or changing speed. As it counts bytes that callers have handed over
   * and the kernel has not taken, it sees a peer that has stopped reading, with {@code send} too.
   *
   * <p>Cost: one read per endpoint and one per connection of the endpoints compared; 4 endpoints of
   * 10 connections, some 100 ns.
   */
  static Balancer leastLoaded() {
    return LeastLoaded.INSTANCE;
  }

  /**
   * The usable endpoint that is likely to answer first: the one with the least {@linkplain
   * Candidates#roundTripNanos round-trip time} times {@linkplain Candidates#outstanding calls
   * outstanding} plus one; of all where up to four are usable, otherwise of two drawn at random. An
   * endpoint that is not measured gets one call to begin with. As the "peak EWMA" balancer of
   * Twitter's Finagle.
   *
   * <p>For {@code exchange} with servers of unequal distance or speed: an endpoint that is slow but
   * never fails loses its calls after one slow answer, and gets one now and then to show whether it
   * has recovered. Where nothing is measured, as with {@code send} and {@code lease}, the fewest
   * calls outstanding decide. A server that fails at once looks fast: health checks see to that.
   *
   * <p>Cost: as {@link #leastLoaded}, and one exponential per endpoint compared; with 4, some 200
   * ns.
   */
  static Balancer fastest() {
    return Fastest.INSTANCE;
  }

  /**
   * Each usable endpoint as often as its {@linkplain Endpoint#weight weight} says: with weights 3
   * and 1, exactly three of any four picks that begin a period. Stride scheduling (C. A.
   * Waldspurger and W. E. Weihl, "Stride Scheduling", 1995), of which the order is worked out once
   * for all weights: no endpoint is ever a whole pick ahead of its quota, or behind it. Where
   * weights add up to more than 16,384 in lowest terms, they are rounded to fit.
   *
   * <p>For servers of unequal size that is known.
   *
   * <p>Cost: one atomic step and one comparison per endpoint, some 15 ns with 4; when weights
   * change, up to some milliseconds for the largest sums, some microseconds for usual ones.
   */
  static Balancer weighted() {
    return new Weighted();
  }

  /**
   * The endpoints with the lowest {@linkplain Endpoint#priority priority} number, as long as enough
   * of them are usable; among those of a priority, the one with the least load. One priority can
   * carry as many of the calls as 1.4 times the part of its endpoints that is usable, and what is
   * left goes to the next one: with 5 of 10 usable, 70 % and 30 %. Where all together cannot carry
   * all calls, they share them in proportion. These are Envoy's priority levels with its
   * overprovisioning factor.
   *
   * <p>For a second site that is to be used only when the first fails. {@linkplain #isBinding
   * Binding}: a burst that keeps all connections to the first busy does not spill over.
   *
   * <p>Cost: as {@link #leastLoaded}, and two more reads per endpoint.
   */
  static Balancer failover() {
    return Failover.INSTANCE;
  }

  /**
   * The same endpoint for the same {@linkplain io.github.tcppool.CallOptions#key key}, unless it
   * has much more to do than the others: {@link #sticky(double)} with 1.25.
   */
  static Balancer sticky() {
    return sticky(1.25);
  }

  /**
   * The same endpoint for the same {@linkplain io.github.tcppool.CallOptions#key key}, as long as
   * it has no more than {@code bound} times its fair share of all calls outstanding, rounded up;
   * the next in the key's own order otherwise. Calls without a key go where the load is least.
   *
   * <p>Rendezvous hashing (D. G. Thaler and C. V. Ravishankar, 1996), weighted by logarithms (C.
   * Schindelhauer and G. Schomaker, 2005), with the bound of "Consistent Hashing with Bounded
   * Loads" (V. Mirrokni et al., 2016). When an endpoint leaves or fails, its keys spread over all
   * others and no other key moves; when one joins, it takes its share of keys and no others move.
   * Pools in different processes agree, if their keys have the same {@code hashCode} everywhere, as
   * strings, numbers, UUIDs and records of these have, and arrays and enums have not.
   *
   * <p>For servers that keep something per key: a cache, a session, an order of messages.
   * {@linkplain #isBinding Binding}. Where few calls are under way, a fair share is one call, and
   * two at once with the same key go to two endpoints.
   *
   * <p>Cost: one hash per endpoint, one read per connection, and a logarithm where weights differ;
   * 4 endpoints of 10 connections, some 250 ns.
   *
   * @param bound at least 1; infinite if a key must stay where it is as long as its endpoint is
   *     usable, however much it has to do
   * @throws IllegalArgumentException if it is less than 1
   */
  static Balancer sticky(double bound) {
    return new Sticky(bound);
  }
}
