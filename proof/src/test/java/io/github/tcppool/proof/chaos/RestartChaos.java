package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.proof.fleet.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scenario 13: server processes that are killed and started again, one after the other. */
abstract class RestartChaos extends Chaos {

  private static final int CALLERS = 32;

  RestartChaos(Scale scale) {
    super(scale);
  }

  @Test
  void serversAreRestartedOneAfterTheOther() throws Exception {
    Fleet fleet = fleet(scale.of(2, 4));
    TcpPool pool =
        pool(builder(fleet.hostPorts()).connections(1, 10).callTimeout(Duration.ofSeconds(5)));
    Load load = start(CALLERS, Duration.ofMillis(15), (caller, turn) -> halfSends(pool, caller));
    play(Duration.ofSeconds(1));
    List<long[]> kills = new ArrayList<>();
    long begun = System.nanoTime();
    for (ServerProcess server : fleet.servers()) {
      long killing = System.nanoTime();
      server.kill();
      kills.add(new long[] {killing, System.nanoTime()});
      play(Duration.ofMillis(500));
      server.restart();
      play(scale.of(Duration.ofMillis(500), Duration.ofSeconds(2)));
    }
    play(scale.of(Duration.ofMillis(200), Duration.ofSeconds(2)));
    long[] before = messages(pool);
    play(scale.of(Duration.ofMillis(500), Duration.ofSeconds(3)));
    long[] after = messages(pool);
    long ended = System.nanoTime();
    load.stop();

    Duration blip = calls().blip(begun, ended);
    String shares = shares(before, after);
    tell("13 rolling restart", calls(), "blip " + blip.toMillis() + " ms", "shares " + shares);
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
      assertSharesEven(before, after);
    }
  }

  /** Half of the calls are sends; of the exchanges half may be repeated. */
  private void halfSends(TcpPool pool, int caller) {
    switch (caller % 4) {
      case 0 -> repeatable(pool, caller);
      case 1 -> call(Verb.EXCHANGE, pool, caller);
      default -> call(Verb.SEND, pool, -1 - caller);
    }
  }

  private static long[] messages(TcpPool pool) {
    return pool.snapshot().endpoints().stream().mapToLong(EndpointSnapshot::messages).toArray();
  }

  private static String shares(long[] before, long[] after) {
    StringBuilder shares = new StringBuilder();
    for (int i = 0; i < before.length; i++) {
      shares.append(String.format("%.1f%% ", 100 * share(before, after, i)));
    }
    return shares.toString();
  }

  private static double share(long[] before, long[] after, int of) {
    long all = 0;
    for (int i = 0; i < before.length; i++) {
      all += after[i] - before[i];
    }
    return (double) (after[of] - before[of]) / all;
  }

  private static void assertSharesEven(long[] before, long[] after) {
    for (int i = 0; i < before.length; i++) {
      assertThat(share(before, after, i)).as("share of endpoint %d", i).isBetween(0.15, 0.35);
    }
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
