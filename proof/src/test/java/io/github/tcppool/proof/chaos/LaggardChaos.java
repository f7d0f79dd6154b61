package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.EndpointHealth;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.HealthPolicy;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.TcpPool;
import io.github.tcppool.testkit.FaultProxy;
import io.github.tcppool.testkit.TcpPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A server that answers every call, and late. */
abstract class LaggardChaos extends Chaos {

  private static final int CALLERS = 8;
  private static final int LAGGARD = 1;
  private static final Set<EndpointHealth> OPEN =
      EnumSet.of(EndpointHealth.SLOW_START, EndpointHealth.UP);

  private static final Duration LAG = Duration.ofMillis(60);

  private final List<FaultProxy> proxies = new ArrayList<>();

  LaggardChaos(Scale scale) {
    super(scale);
  }

  /** Three servers, each behind a proxy. */
  private TcpPool pool(HealthPolicy policy) {
    for (int i = 0; i < 3; i++) {
      TcpPeer peer = answering();
      proxies.add(serving(FaultProxy.to(peer.address())));
    }
    String[] endpoints = proxies.stream().map(FaultProxy::hostPort).toArray(String[]::new);
    return pool(builder(endpoints).health(policy).callTimeout(Duration.ofSeconds(10)));
  }

  private static EndpointHealth health(TcpPool pool, int endpoint) {
    return pool.snapshot().endpoints().get(endpoint).health().state();
  }

  /** Messages of the laggard and of all, as they were in one moment. */
  private static long[] figures(TcpPool pool) {
    List<EndpointSnapshot> endpoints = pool.snapshot().endpoints();
    return new long[] {
      endpoints.get(LAGGARD).messages(),
      endpoints.stream().mapToLong(EndpointSnapshot::messages).sum()
    };
  }

  /** The part of all calls that go to the laggard for a while. */
  private double share(TcpPool pool, Duration time) throws InterruptedException {
    long[] before = figures(pool);
    play(time);
    long[] after = figures(pool);
    return (double) (after[0] - before[0]) / Math.max(1, after[1] - before[1]);
  }

  @Test
  void aSlowServerThatNeverFailsLosesItsCallsUntilItIsTheLastOneAndComesBackGently()
      throws Exception {
    TcpPool pool =
        pool(
            HealthPolicy.defaults()
                .ejection(scale.of(Duration.ofSeconds(2), Duration.ofSeconds(11)))
                .slowStart(scale.of(Duration.ofMillis(500), Duration.ofSeconds(3))));
    Load load = start(CALLERS, Duration.ofMillis(2), (caller, turn) -> repeatable(pool, caller));
    play(scale.of(Duration.ofMillis(200), Duration.ofSeconds(2)));
    proxies.get(LAGGARD).downstream().latency(LAG, Duration.ZERO);
    long lagging = System.nanoTime();
    awaitHealth(pool, EndpointHealth.EJECTED);
    Duration noticed = Duration.ofNanos(System.nanoTime() - lagging);
    play(LAG.multipliedBy(2)); // what it had been given before
    double left = share(pool, scale.of(Duration.ofMillis(200), Duration.ofSeconds(2)));

    proxies.get(0).kill();
    proxies.get(2).kill();
    awaitThat(
        pool,
        "the others down",
        now ->
            now.endpoints().get(0).health().state() == EndpointHealth.DOWN
                && now.endpoints().get(2).health().state() == EndpointHealth.DOWN);
    double asLast = share(pool, scale.of(Duration.ofMillis(300), Duration.ofSeconds(3)));

    proxies.forEach(FaultProxy::heal);
    awaitThat(pool, "it is back", now -> OPEN.contains(health(pool, LAGGARD)));
    double back = share(pool, scale.of(Duration.ofMillis(100), Duration.ofSeconds(1)));
    awaitHealth(pool, EndpointHealth.UP);
    double after = share(pool, scale.of(Duration.ofMillis(100), Duration.ofSeconds(2)));
    load.stop();

    tell(
        "slow, never failing",
        calls(),
        "noticed after " + noticed.toMillis() + " ms",
        String.format(
            "shares: ejected %.3f, as the last one %.3f, just back %.3f, after that %.3f",
            left, asLast, back, after));
    assertThat(calls().failed()).isEmpty();
    assertThat(noticed).isLessThan(scale.limit(4_500));
    assertThat(left).as("share while it is ejected").isLessThan(0.01);
    assertThat(asLast).as("share while it is the last one").isEqualTo(1);
    assertThat(watch().events(PoolEvent.HealthChanged.class))
        .filteredOn(event -> event.endpoint().port() == proxies.get(LAGGARD).port())
        .extracting(PoolEvent.HealthChanged::to)
        .as("of two that come together, by two threads, either may be told first")
        .containsExactlyInAnyOrder(
            EndpointHealth.EJECTED,
            EndpointHealth.HALF_OPEN,
            EndpointHealth.SLOW_START,
            EndpointHealth.UP);
    if (scale == Scale.FULL) {
      assertThat(back).as("share in the first second of three").isBetween(0.02, 0.29);
      assertThat(after).as("share after that").isBetween(0.3, 0.37);
    }
  }

  private static void awaitHealth(TcpPool pool, EndpointHealth state) {
    awaitThat(pool, "it is " + state, now -> health(pool, LAGGARD) == state);
  }
}
