package io.github.tcppool;

import static io.github.tcppool.Bench.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers who do nothing wrong, and expect that no call of theirs fails. */
final class Bystanders {

  private static final long LONGEST_CALL_MILLIS = 3_000;

  private final TcpPool pool;
  private final List<Task<Integer>> tasks = new ArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile boolean stopped;

  private Bystanders(TcpPool pool) {
    this.pool = pool;
  }

  /** Starts so many callers who exchange without a pause, and waits for the first calls of each. */
  static Bystanders start(Bench bench, TcpPool pool, int callers) {
    Bystanders all = new Bystanders(pool);
    for (int i = 0; i < callers; i++) {
      String name = "bystander " + i + " says ";
      all.tasks.add(bench.start(() -> all.call(name)));
    }
    all.awaitMoreCalls(2 * callers);
    return all;
  }

  private int call(String name) throws Exception {
    int done = 0;
    while (!stopped) {
      byte[] message = utf8(name + done);
      assertThat(pool.exchange(message, Bench.within(LONGEST_CALL_MILLIS))).isEqualTo(message);
      assertThat(Thread.currentThread().isInterrupted()).as("interrupt flag").isFalse();
      done++;
      calls.incrementAndGet();
    }
    return done;
  }

  /** Waits for so many more successful calls; fails if one of the callers has failed. */
  void awaitMoreCalls(int more) {
    int target = calls.get() + more;
    org.awaitility.Awaitility.await("calls of others")
        .atMost(Bench.PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> calls.get() >= target || tasks.stream().anyMatch(Task::isDone));
    if (!stopped) {
      tasks.stream().filter(Task::isDone).forEach(Task::result);
    }
  }

  /** Lets them finish; fails if any call of theirs failed. */
  void end() {
    awaitMoreCalls(2 * tasks.size());
    stopped = true;
    tasks.forEach(Task::result);
  }
}
