package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.HealthPolicy;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.proof.fleet.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Scenario 13: server processes that are killed and started again, one after the other. */
abstract class RestartChaos extends Chaos {

  private static final int CALLERS = 32;

  RestartChaos(Scale scale) {
    super(scale);
  }

  /**
   * By default whatever is back warms up for ten seconds, so the last one has its share only then.
   */
  @Test
  void serversAreRestartedOneAfterTheOther() throws Exception {
    restartEach(HealthPolicy.defaults(), scale.of(Duration.ZERO, Duration.ofSeconds(12)));
  }

  /**
   * Kills and restarts each server in a random order, and looks where calls go: two seconds after
   * the last one is back, and when all must have their shares again.
   */
  final void restartEach(HealthPolicy policy, Duration settling) throws Exception {
    Fleet fleet = fleet(scale.of(2, 4));
    List<ServerProcess> order = new ArrayList<>(fleet.servers());
    Collections.shuffle(order, Seed.random("13 rolling restart"));
    TcpPool pool =
        pool(
            builder(fleet.hostPorts())
                .connections(1, 10)
                .health(policy)
                .callTimeout(Duration.ofSeconds(5)));
    Load load = start(CALLERS, Duration.ofMillis(14), (caller, turn) -> halfSends(pool, caller));
    play(Duration.ofSeconds(1));
    List<long[]> kills = new ArrayList<>();
    Stalls stalls = serving(Stalls.watching());
    long begun = System.nanoTime();
    for (ServerProcess server : order) {
      long killing = System.nanoTime();
      server.kill();
      kills.add(new long[] {killing, System.nanoTime()});
      play(Duration.ofMillis(500));
      server.restart();
      play(scale.of(Duration.ofMillis(500), Duration.ofSeconds(2)));
    }
    double[] early = shares(pool);
    play(settling);
    double[] late = settling.isZero() ? early : shares(pool);
    long ended = System.nanoTime();
    load.stop();

    Duration blip = calls().blip(begun, ended);
    long perSecond = callsPerSecond(begun, ended);
    tell(
        "13 rolling restart",
        calls(),
        "blip " + blip.toMillis() + " ms",
        perSecond + " calls a second",
        "process stalled for " + stalls.longest().toMillis() + " ms at most",
        "slow start " + policy.slowStart(),
        "shares after 2 s " + Arrays.toString(early),
        "in the end " + Arrays.toString(late));
    assertThat(calls().count(Ending.NOT_SENT)).isZero();
    assertThat(calls().only(Call::idempotent).failed()).isEmpty();
    for (Call failed : calls().failed()) {
      assertThat(kills)
          .as("kills during %s", failed)
          .anyMatch(
              kill -> failed.startedNanos() - kill[1] <= 0 && failed.endedNanos() - kill[0] >= 0);
    }
    assertThat(blip).isLessThan(scale.limit(250));
    if (scale == Scale.FULL) {
      assertThat(perSecond).as("calls a second").isGreaterThanOrEqualTo(2_000);
      assertThat(DoubleStream.concat(DoubleStream.of(early), DoubleStream.of(late)).boxed())
          .as("shares 2 s after the last server was back, and in the end")
          .allMatch(part -> part >= 0.15 && part <= 0.35);
    }
  }

  private long callsPerSecond(long fromNanos, long toNanos) {
    long ended =
        calls().list().stream()
            .filter(call -> call.endedNanos() - fromNanos >= 0 && call.endedNanos() - toNanos < 0)
            .count();
    return ended * 1_000_000_000L / (toNanos - fromNanos);
  }

  /** Half of the calls are sends; of the exchanges half may be repeated. */
  private void halfSends(TcpPool pool, int caller) {
    switch (caller % 4) {
      case 0 -> repeatable(pool, caller);
      case 1 -> call(Verb.EXCHANGE, pool, caller);
      default -> call(Verb.SEND, pool, -1 - caller);
    }
  }

  /** The part of all messages that goes to each endpoint for a while. */
  private double[] shares(TcpPool pool) throws InterruptedException {
    long[] before = messages(pool);
    play(scale.of(Duration.ofMillis(500), Duration.ofSeconds(1)));
    long[] after = messages(pool);
    double all = LongStream.of(after).sum() - LongStream.of(before).sum();
    return IntStream.range(0, after.length)
        .mapToDouble(i -> Math.round(1_000 * (after[i] - before[i]) / all) / 1_000.0)
        .toArray();
  }

  private static long[] messages(TcpPool pool) {
    return pool.snapshot().endpoints().stream().mapToLong(EndpointSnapshot::messages).toArray();
  }

  /** After a restart the first message is as good as any other. */
  @Test
  void aServerThatWasRestartedWhileNobodyCalledIsMetWithoutAFailure() throws Exception {
    Fleet fleet = fleet(1);
    TcpPool pool = pool(builder(fleet.hostPorts()).callTimeout(Duration.ofSeconds(5)));
    Load first =
        start(8, 5, Duration.ofMillis(2), (caller, turn) -> call(Verb.LEASE, pool, caller));
    first.finish(Duration.ofSeconds(10));
    fleet.servers().get(0).kill();
    fleet.servers().get(0).restart();
    Load next = start(8, 5, Duration.ofMillis(2), (caller, turn) -> call(Verb.LEASE, pool, caller));
    next.finish(Duration.ofSeconds(10));
    assertThat(calls().failed()).isEmpty();
    assertThat(calls().list()).allMatch(call -> call.message().bytes() == Message.MIN_BYTES);
  }
}
