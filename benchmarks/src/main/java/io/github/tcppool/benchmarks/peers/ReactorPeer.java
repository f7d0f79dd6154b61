package io.github.tcppool.benchmarks.peers;

import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;
import reactor.pool.PooledRef;

/** reactor-pool, waited for by the calling thread. */
final class ReactorPeer implements Peer {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final InstrumentedPool<Object> pool;

  ReactorPeer(int objects) {
    pool =
        PoolBuilder.from(Mono.fromSupplier(Object::new)).sizeBetween(objects, objects).buildPool();
    Integer unused = pool.warmup().block(PATIENCE);
  }

  @Override
  public void cycle() {
    PooledRef<Object> lent = pool.acquire().block(PATIENCE);
    if (lent == null) {
      throw new IllegalStateException("pool lent nothing");
    }
    Void unused = lent.release().block(PATIENCE);
  }

  @Override
  public void close() {
    pool.dispose();
  }
}
