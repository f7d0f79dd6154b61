package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.HealthCheck;
import io.github.tcppool.Heartbeat;
import io.github.tcppool.PoolOptions;
import java.io.IOException;

/**
 * What the engine asks of the network. Called without any lock held.
 *
 * @param <C> the kind of connection
 */
public interface Transport<C extends Pooled> {

  /** Makes a connection; may block up to the connect timeout. Called on a worker. */
  C dial(Endpoint endpoint, PoolOptions options) throws IOException;

  /**
   * Makes a connection, asks over it, and closes it; may block up to the timeout of the check.
   * Called on a worker.
   */
  void check(Endpoint endpoint, PoolOptions options, HealthCheck check) throws IOException;

  /** Asks over a connection that the caller owns; may block up to its timeout. On a worker. */
  void ask(C connection, Heartbeat heartbeat) throws IOException;

  /** Lets dials under way fail soon, as the pool is closed. */
  void cancelDials();

  /**
   * Closes a connection that no caller will get any more, and runs {@code done} exactly once when
   * its socket is closed: before returning, or later if it first drains.
   */
  void close(C connection, CloseReason reason, Runnable done);

  /**
   * Closes a connection beneath its owner, or in the middle of its drain. May be called several
   * times.
   */
  void sever(C connection);
}
