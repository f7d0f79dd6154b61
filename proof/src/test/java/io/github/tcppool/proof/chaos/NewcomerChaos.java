package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.Endpoint;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.TcpPool;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.discovery.Discovery;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.testkit.Behaviour;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** One server more, beside those that have all the connections. */
abstract class NewcomerChaos extends Chaos {

  private static final int CALLERS = 12;
  private static final Duration ANSWER = Duration.ofMillis(3);
  private static final Duration LIFETIME = Duration.ofSeconds(1);

  NewcomerChaos(Scale scale) {
    super(scale);
  }

  @Test
  void aNewServerHasItsShareAfterOneLifetimeOfConnections() throws Exception {
    List<Balancer> balancers =
        scale.of(
            List.of(Balancer.roundRobin()),
            List.of(
                Balancer.roundRobin(),
                Balancer.random(),
                Balancer.leastLoaded(),
                Balancer.fastest(),
                Balancer.weighted()));
    for (Balancer balancer : balancers) {
      addOne(balancer);
    }
  }

  private void addOne(Balancer balancer) throws Exception {
    List<Endpoint> there = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 3; i++) {
      there.add(start());
    }
    TcpPool pool =
        pool(
            TcpPool.builder(Discovery.polling(() -> List.copyOf(there), Duration.ofMillis(100)))
                .framing(Message.framing())
                .maxLifetime(LIFETIME)
                .balancer(balancer));
    Load load = start(CALLERS, Duration.ZERO, (caller, turn) -> repeatable(pool, caller));
    play(Duration.ofMillis(500));
    there.add(start());
    awaitThat(pool, "the newcomer in the pool", now -> now.endpoints().size() == 4);
    double[] early = shares(pool, Duration.ofMillis(200));
    play(LIFETIME);
    double[] shares = shares(pool, scale.of(Duration.ofMillis(500), Duration.ofSeconds(2)));
    load.stop();

    tell("newcomer", balancer, "at once " + Arrays.toString(early), Arrays.toString(shares));
    assertThat(calls().failed()).isEmpty();
    for (double share : shares) {
      assertThat(share).as("%s", balancer).isBetween(scale.of(0.15, 0.225), scale.of(0.35, 0.275));
    }
  }

  private Endpoint start() {
    return Endpoint.parse(peer(Behaviour.echo().answeringAfter(ANSWER)).hostPort());
  }

  /** The part of the calls that each server gets for a while. */
  private static double[] shares(TcpPool pool, Duration time) throws InterruptedException {
    long[] before = messages(pool);
    play(time);
    long[] after = messages(pool);
    double all = LongStream.of(after).sum() - LongStream.of(before).sum();
    double[] shares = new double[after.length];
    for (int i = 0; i < after.length; i++) {
      shares[i] = Math.round(1_000 * (after[i] - before[i]) / all) / 1_000.0;
    }
    return shares;
  }

  private static long[] messages(TcpPool pool) {
    return pool.snapshot().endpoints().stream().mapToLong(EndpointSnapshot::messages).toArray();
  }
}
