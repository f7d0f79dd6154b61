package io.github.tcppool.benchmarks.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** HikariCP as a whole, over a data source whose connections do nothing. */
public final class HikariPeer implements Peer {

  private final HikariDataSource pool;

  /** Filled when it returns. */
  public HikariPeer(int objects) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setDataSource(idle(DataSource.class));
    config.setMinimumIdle(objects);
    config.setMaximumPoolSize(objects);
    config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(30));
    pool = new HikariDataSource(config);
    while (pool.getHikariPoolMXBean().getIdleConnections() < objects) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  /** An object that answers everything with yes, nothing, or an object that does so too. */
  private static <T> T idle(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> answer(method)));
  }

  private static @Nullable Object answer(Method method) {
    Class<?> type = method.getReturnType();
    if (type == boolean.class) {
      return true;
    }
    if (type == int.class) {
      return 0;
    }
    boolean deeper = type == Connection.class || type == DatabaseMetaData.class;
    return deeper ? idle(type) : null;
  }

  @Override
  public void cycle() throws Exception {
    pool.getConnection().close();
  }

  /** As {@link #cycle}, with some work in between; how long it waited for the object, in ns. */
  public long hold(Runnable work) throws Exception {
    long begun = System.nanoTime();
    Connection lent = pool.getConnection();
    long waited = System.nanoTime() - begun;
    work.run();
    lent.close();
    return waited;
  }

  @Override
  public void close() {
    pool.close();
  }
}
