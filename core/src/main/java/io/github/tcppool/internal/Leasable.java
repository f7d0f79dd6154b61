package io.github.tcppool.internal;

import io.github.tcppool.internal.engine.Pooled;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The side of a connection that knows who has leased it. */
abstract class Leasable extends Pooled {

  private static final VarHandle HOLDER;

  static {
    try {
      HOLDER = MethodHandles.lookup().findVarHandle(Leasable.class, "holder", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Looks after leases that last. */
  interface LeaseWatch {
    void look(Connection connection, Object holder, long now);
  }

  /** The socket of the lease, or what {@link LeaseWatch} made of it; null while there is none. */
  private volatile @Nullable Object holder;

  /** Where the lease was taken, if that is traced. Written before the holder is set. */
  private @Nullable Throwable leasedAt;

  private volatile @Nullable LeaseWatch watch;

  /**
   * Begins a lease. The watcher may see it a moment later, so that it costs no fence; the order of
   * all stores to the holder is the same for everybody, and that is all that it needs.
   */
  final void heldBy(LeasedSocket lease, LeaseWatch watcher, @Nullable Throwable at) {
    if (watch != watcher) {
      watch = watcher;
    }
    leasedAt = at;
    HOLDER.setRelease(this, (Object) lease); // of the exact type, or it is slow
  }

  /** Ends the lease. True if the watcher has not looked at it. */
  final boolean heldByNobody(LeasedSocket lease) {
    boolean unseen = holder == lease;
    HOLDER.setRelease(this, (Object) null);
    return unseen;
  }

  /** Replaces the holder, unless it has changed meanwhile. */
  final boolean holderSeen(Object expected, @Nullable Object replacement) {
    return HOLDER.compareAndSet(this, expected, replacement);
  }

  /** Of the present holder, as long as that does not change. */
  final @Nullable Throwable leasedAt() {
    return leasedAt;
  }

  /** Has the watcher look at the lease, if there is one. */
  final void lookAtLease(Connection self, long now) {
    Object held = holder;
    LeaseWatch watcher = watch;
    if (held != null && watcher != null) {
      watcher.look(self, held, now);
    }
  }
}
