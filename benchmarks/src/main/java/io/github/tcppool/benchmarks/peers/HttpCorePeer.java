package io.github.tcppool.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.ModalCloseable;
import org.apache.hc.core5.pool.LaxConnPool;
import org.apache.hc.core5.pool.ManagedConnPool;
import org.apache.hc.core5.pool.PoolEntry;
import org.apache.hc.core5.pool.StrictConnPool;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** The connection pools of httpcore5, with one route and connections that do nothing. */
final class HttpCorePeer implements Peer {

  private static final String ROUTE = "route";

  private final ManagedConnPool<String, Idle> pool;

  private HttpCorePeer(ManagedConnPool<String, Idle> pool, int objects) throws Exception {
    this.pool = pool;
    List<PoolEntry<String, Idle>> leased = new ArrayList<>();
    for (int i = 0; i < objects; i++) {
      PoolEntry<String, Idle> entry = lease();
      entry.assignConnection(new Idle());
      leased.add(entry);
    }
    leased.forEach(entry -> pool.release(entry, true));
  }

  static HttpCorePeer strict(int objects) throws Exception {
    return new HttpCorePeer(new StrictConnPool<>(objects, objects), objects);
  }

  static HttpCorePeer lax(int objects) throws Exception {
    return new HttpCorePeer(new LaxConnPool<>(objects), objects);
  }

  private PoolEntry<String, Idle> lease() throws Exception {
    return pool.lease(ROUTE, null, Timeout.ofSeconds(30), null).get(30, TimeUnit.SECONDS);
  }

  @Override
  public void cycle() throws Exception {
    pool.release(lease(), true);
  }

  @Override
  public void close() {
    pool.close(CloseMode.IMMEDIATE);
  }

  private static final class Idle implements ModalCloseable {

    @Override
    public void close(@Nullable CloseMode mode) {}

    @Override
    public void close() {}
  }
}
