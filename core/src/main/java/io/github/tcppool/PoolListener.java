package io.github.tcppool;

/**
 * Gets told what happens to a pool: changes of state, never single messages.
 *
 * <p>Called without any lock held, by a worker of the pool, for one event after the other; events
 * about one connection come in order, and so do changes of the health of one endpoint. So it hears
 * of an event a moment after it happened, and by then the snapshot may have moved on.
 *
 * <p>No call waits for a listener. It may block, and may call the pool; what it throws is logged
 * and goes no further. One that falls more than 16,384 events behind misses some, and the log says
 * how many. {@link TcpPool#close()} gives listeners 100 ms to hear of everything.
 */
@FunctionalInterface
public interface PoolListener {

  /** Something happened. */
  void onEvent(PoolEvent event);
}
