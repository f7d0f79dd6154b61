package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
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
