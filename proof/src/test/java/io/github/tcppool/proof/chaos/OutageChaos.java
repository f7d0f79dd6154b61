package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallOptions;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.testkit.Blackhole;
import io.github.tcppool.testkit.Ports;
import io.github.tcppool.testkit.TcpPeer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Scenarios 1 to 3: endpoints that refuse, that all go away, that do not answer at all. */
abstract class OutageChaos extends Chaos {

  private static final Duration PACE = Duration.ofMillis(1);

  OutageChaos(Scale scale) {
    super(scale);
  }

  @Test
  void oneOfThreeEndpointsRefuses() throws Exception {
    TcpPeer first = answering();
    TcpPeer second = answering();
    String dead = "127.0.0.1:" + Ports.unused();
    TcpPool pool = pool(builder(first.hostPort(), dead, second.hostPort()));

    Load load = start(16, PACE, (caller, turn) -> call(Verb.LEASE, pool, caller));
    play(scale.of(Duration.ofSeconds(1), Duration.ofSeconds(8)));
    load.stop();

    long dials = pool.snapshot().endpoints().get(1).dialFailures();
    tell("1 refuses", calls(), "dials to the dead one " + dials);
    assertThat(calls().failed()).isEmpty();
    assertThat(calls().quantile(0.99)).as("p99, the echo included").isLessThan(scale.limit(20));
    assertThat(dials).as("dials to the dead endpoint").isBetween(1L, 30L);
  }

  @Test
  void allEndpointsGoAwayTogetherAndComeBackTogether() throws Exception {
    List<TcpPeer> peers = List.of(answering(), answering(), answering());
    String[] endpoints = peers.stream().map(TcpPeer::hostPort).toArray(String[]::new);
    TcpPool pool = pool(builder(endpoints).callTimeout(Duration.ofSeconds(10)));
    int callers = 64;
    Load load = start(callers, Duration.ofMillis(10), (caller, turn) -> repeatable(pool, caller));
    for (int millis : scale.of(new int[] {700}, new int[] {200, 1_000, 4_000})) {
      play(Duration.ofMillis(500));
      peers.forEach(TcpPeer::kill);
      long[] before = failedDials(pool);
      long gone = System.nanoTime();
      play(Duration.ofMillis(millis));
      assertDialRate(before, failedDials(pool), System.nanoTime() - gone);
      long back = System.nanoTime();
      peers.forEach(TcpPeer::restart);
      assertThat(mostDialing(pool, Duration.ofMillis(100))).as("dials at once").isBetween(0, 4);
      play(Duration.ofMillis(700));
      Duration first = calls().firstSuccessAfter(back);
      Duration all = calls().allSucceededAfter(back, callers);
      tell("2 all down " + millis + " ms", "first " + first.toMillis(), "all " + all.toMillis());
      assertThat(first).as("first success after the return").isLessThan(scale.limit(250));
      assertThat(all).as("every caller's success").isLessThan(scale.limit(500));
    }
    load.stop();
    tell("2 all down", calls());
    assertThat(calls().failed()).isEmpty();
  }

  private static long[] failedDials(TcpPool pool) {
    return pool.snapshot().endpoints().stream().mapToLong(e -> e.dialFailures()).toArray();
  }

  /** Five a second, and the five short steps by which the backoff climbs from 10 to 250 ms. */
  private void assertDialRate(long[] before, long[] after, long nanos) {
    long most = 5 + (long) Math.ceil(5 * nanos / 1e9);
    for (int i = 0; i < before.length; i++) {
      tell("2 dials to " + i + " in " + nanos / 1_000_000 + " ms", after[i] - before[i]);
      assertThat(after[i] - before[i]).as("dials while down").isBetween(1L, most);
    }
  }

  /** The most dials under way to one endpoint, looked at every millisecond. */
  private static int mostDialing(TcpPool pool, Duration span) throws InterruptedException {
    int most = 0;
    long end = System.nanoTime() + span.toNanos();
    while (System.nanoTime() - end < 0) {
      int now = pool.snapshot().endpoints().stream().mapToInt(e -> e.dialing()).max().orElse(0);
      most = Math.max(most, now);
      TimeUnit.MILLISECONDS.sleep(1); // a sample a millisecond, on which nothing waits
    }
    return most;
  }

  @Test
  void oneOfTwoEndpointsDoesNotAnswerConnects() throws Exception {
    TcpPeer good = answering();
    Blackhole hole = serving(Blackhole.open());
    TcpPool pool = pool(builder(hole.hostPort(), good.hostPort()));
    long begun = System.nanoTime();
    Load load = start(16, PACE, (caller, turn) -> call(Verb.EXCHANGE, pool, caller));
    play(scale.of(Duration.ofSeconds(2), Duration.ofSeconds(8)));
    load.stop();

    Figures later = calls().begunAfter(begun + Duration.ofSeconds(1).toNanos());
    tell("3 blackhole", calls(), "after the first second " + later);
    assertThat(calls().failed()).isEmpty();
    assertThat(calls().longest()).isLessThan(scale.limit(800));
    assertThat(later.longest()).isLessThan(scale.limit(50));
  }

  @Test
  void aReturnedConnectionServesTheWaiterBeforeTheDialThatHangs() throws Exception {
    TcpPeer good = answering();
    Blackhole hole = serving(Blackhole.open());
    TcpPool pool =
        pool(
            builder(good.hostPort(), hole.hostPort())
                .connections(0, 1)
                .connectTimeout(Duration.ofSeconds(10))
                .callTimeout(Duration.ofSeconds(20)));
    Load load;
    try (PooledSocket held = pool.lease(CallOptions.defaults())) {
      assertThat(held.endpoint().toString()).isEqualTo(good.hostPort());
      load = start(1, 1, Duration.ZERO, (caller, turn) -> call(Verb.LEASE, pool, caller));
      awaitThat(pool, "a waiter beside a dial", now -> now.waiting() == 1 && now.dialing() == 1);
    }
    load.finish(Duration.ofSeconds(5)); // long before the dial could have ended
    assertThat(calls().failed()).isEmpty();
    assertThat(pool.snapshot().dialing()).as("the dial that hangs").isEqualTo(1);
    watch().close(Duration.ofSeconds(1));
  }
}
