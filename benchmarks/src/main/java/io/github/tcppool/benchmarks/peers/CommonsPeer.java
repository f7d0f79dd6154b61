package io.github.tcppool.benchmarks.peers;

import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;

/** commons-pool2 with objects that do nothing. */
final class CommonsPeer implements Peer {

  private final GenericObjectPool<Object> pool;

  CommonsPeer(int objects) throws Exception {
    pool = new GenericObjectPool<>(new Factory(), config(objects));
    pool.preparePool();
  }

  private static GenericObjectPoolConfig<Object> config(int objects) {
    GenericObjectPoolConfig<Object> config = new GenericObjectPoolConfig<>();
    config.setMinIdle(objects);
    config.setMaxIdle(objects);
    config.setMaxTotal(objects);
    config.setJmxEnabled(false);
    return config;
  }

  @Override
  public void cycle() throws Exception {
    pool.returnObject(pool.borrowObject());
  }

  @Override
  public void close() {
    pool.close();
  }

  private static final class Factory extends BasePooledObjectFactory<Object> {

    @Override
    public Object create() {
      return new Object();
    }

    @Override
    public PooledObject<Object> wrap(Object object) {
      return new DefaultPooledObject<>(object);
    }
  }
}
