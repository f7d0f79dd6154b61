package io.github.tcppool.benchmarks.peers;

import org.vibur.objectpool.ConcurrentPool;
import org.vibur.objectpool.PoolObjectFactory;
import org.vibur.objectpool.util.ConcurrentLinkedQueueCollection;

/** Vibur's object pool, fair as ours is. */
final class ViburPeer implements Peer {

  private final ConcurrentPool<Object> pool;

  ViburPeer(int objects) {
    pool =
        new ConcurrentPool<>(
            new ConcurrentLinkedQueueCollection<>(), new Factory(), objects, objects, true);
  }

  @Override
  public void cycle() {
    pool.restore(pool.take());
  }

  @Override
  public void close() {
    pool.close();
  }

  private static final class Factory implements PoolObjectFactory<Object> {

    @Override
    public Object create() {
      return new Object();
    }

    @Override
    public boolean readyToTake(Object object) {
      return true;
    }

    @Override
    public boolean readyToRestore(Object object) {
      return true;
    }

    @Override
    public void destroy(Object object) {}
  }
}
