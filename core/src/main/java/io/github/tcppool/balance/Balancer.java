package io.github.tcppool.balance;

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
   * connection. Default false.
   */
  default boolean isBinding() {
    return false;
  }

  /** Each usable endpoint in turn. One atomic step per pick. The default. */
  static Balancer roundRobin() {
    return new RoundRobin();
  }

  /** Any usable endpoint, each with the same probability, independent of the picks before. */
  static Balancer random() {
    return RandomPick.INSTANCE;
  }

  /**
   * The usable endpoint with the least load: all are compared where there are up to four, otherwise
   * the next in turn and one drawn at random (M. Mitzenmacher, "The Power of Two Choices in
   * Randomized Load Balancing", 2001). Ties go to the next in turn.
   */
  static Balancer leastLoaded() {
    return new LeastLoaded();
  }
}
