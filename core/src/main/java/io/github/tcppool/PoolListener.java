package io.github.tcppool;

/**
 * Gets told what happens to a pool: changes of state, never single messages.
 *
 * <p>Called without any lock held, in the thread in which the event happened, possibly by several
 * at once; events about one connection come in order. A listener should be quick, as somebody may
 * be waiting: a new connection serves nobody before all have heard of it. What a listener throws is
 * logged and goes no further. It may call the pool.
 */
@FunctionalInterface
public interface PoolListener {

  /** Something happened. */
  void onEvent(PoolEvent event);
}
