package io.github.tcppool.benchmarks.peers;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Arrays;

/**
 * Stormpot, called through constant handles, which the compiler treats as plain calls: its classes
 * cannot be compiled against on JDK 17.
 */
final class StormpotPeer implements Peer {

  private static final MethodHandle OF;
  private static final MethodHandle CLAIM;
  private static final MethodHandle RELEASE;
  private static final MethodHandle SHUTDOWN;
  private static final Object PATIENCE;

  static {
    try {
      Class<?> pool = Class.forName("stormpot.Pool");
      Class<?> pooled = Class.forName("stormpot.Pooled");
      Class<?> timeout = Class.forName("stormpot.Timeout");
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      OF = lookup.findStatic(pool, "of", methodType(pool, Object[].class)).asFixedArity();
      CLAIM =
          lookup
              .findVirtual(pool, "claim", methodType(Class.forName("stormpot.Poolable"), timeout))
              .asType(methodType(Object.class, Object.class, Object.class));
      RELEASE =
          lookup
              .findVirtual(pooled, "close", methodType(void.class))
              .asType(methodType(void.class, Object.class));
      SHUTDOWN =
          lookup.findVirtual(pool, "shutdown", methodType(Class.forName("stormpot.Completion")));
      PATIENCE = timeout.getConstructor(Duration.class).newInstance(Duration.ofSeconds(30));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Object pool;

  StormpotPeer(int objects) throws Exception {
    Object[] lent = new Object[objects];
    Arrays.setAll(lent, i -> new Object());
    pool = call(OF.asType(methodType(Object.class, Object[].class)), (Object) lent);
  }

  @Override
  public void cycle() throws Exception {
    try {
      Object lent = (Object) CLAIM.invokeExact(pool, PATIENCE);
      RELEASE.invokeExact(lent);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      Object unused = call(SHUTDOWN, pool);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object call(MethodHandle handle, Object argument) throws Exception {
    try {
      return handle.invokeWithArguments(argument);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
