package io.github.tcppool;

import static io.github.tcppool.Bench.utf8;
import static io.github.tcppool.Bench.within;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** What tests of hostile code have in common. */
final class Misdeeds {

  /** Marks a call whose callbacks misbehave. */
  static final CallOptions BAD = within(3_000).key("bad");

  private Misdeeds() {}

  /** Fails unless a call did what its mischief calls for. */
  static void assertDone(Mischief mischief, Throwable thrown) {
    boolean interrupt = mischief == Mischief.INTERRUPTS_ITS_THREAD;
    boolean expected = thrown == null ? interrupt : mischief.isThrown(thrown);
    assertThat(expected)
        .as(() -> "what came: " + (thrown == null ? "nothing" : thrown.getClass().getName()))
        .isTrue();
  }

  static Throwable failureOf(Bench bench, Task.Action<?> action) {
    Task<Throwable> task =
        bench.start(
            () -> {
              try {
                Object unused = action.call();
                return null;
              } catch (Throwable t) {
                return t;
              }
            });
    return task.result();
  }

  static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Every verb, as code that is called by the pool may use it. */
  static void useAll(TcpPool pool) {
    try {
      assertThat(pool.exchange(utf8("y"), within(3_000))).isEqualTo(utf8("y"));
      pool.lease(within(3_000)).close();
      pool.tryLease().ifPresent(PooledSocket::discard);
      pool.evict(endpoint -> false);
      pool.update(o -> o.maxPending(777));
      assertThat(pool.snapshot().closed()).isFalse();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
