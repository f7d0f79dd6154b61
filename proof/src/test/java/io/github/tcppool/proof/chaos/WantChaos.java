package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CloseReason;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Scenarios 12 and 15: bombs for who has little memory, calls for who has no descriptor. */
abstract class WantChaos extends Chaos {

  WantChaos(Scale scale) {
    super(scale);
  }

  @Test
  void bombsAreRefusedWithLittleMemory() throws Exception {
    int turns = scale.of(20, 143); // of each of seven: 1,001
    List<String> arguments = new ArrayList<>(List.of(Integer.toString(turns)));
    for (Bomb bomb : Bomb.values()) {
      TcpPeer server = serving(TcpPeer.builder().behaviour(bomb.behaviour()).keepFrames(0).start());
      arguments.addAll(List.of(bomb.name(), server.hostPort()));
    }
    List<String> said =
        Child.run("", List.of("-Xmx64m"), BombedCaller.class, arguments.toArray(new String[0]));

    tell("12 bombs, slowest in us", said);
    assertThat(Child.figure(said, "reached")).as("bombs that reached a caller").isZero();
    assertThat(Child.figure(said, "refused")).isEqualTo((turns + 1L) * Bomb.values().length);
    assertThat(Child.figure(said, "bytes")).as("read of one").isLessThanOrEqualTo(1_088 << 10);
    for (Bomb bomb : Bomb.values()) {
      assertThat(Duration.ofNanos(1_000 * Child.figure(said, bomb.name())))
          .as("slowest refusal of %s", bomb)
          .isLessThan(scale.limit(50));
    }
  }

  /**
   * One connection, so that it is never a new one that meets them: a greeting is another matter.
   */
  @Test
  void unsolicitedBytesOnAnIdleConnectionReachNoCaller() throws Exception {
    TcpPeer peer = answering();
    TcpPool pool = pool(builder(peer.hostPort()).connections(0, 1));
    byte[] lie = new Message(99, 99, 100).frame();
    CyclicBarrier rest = new CyclicBarrier(4, () -> peer.sendAll(lie));
    int turns = scale.of(50, 500);
    Load load =
        start(
            4,
            turns,
            Duration.ZERO,
            (caller, turn) -> {
              rest.await(20, TimeUnit.SECONDS);
              call(turn % 2 == 0 ? Verb.EXCHANGE : Verb.LEASE, pool, caller);
            });
    load.finish(Duration.ofSeconds(60));

    long discarded = pool.snapshot().closedBy().getOrDefault(CloseReason.UNREAD_BYTES, 0L);
    tell("12 unsolicited", calls(), "connections given up " + discarded);
    assertThat(calls().failed()).isEmpty();
    assertThat(discarded).isEqualTo(turns - 1); // the first time there is no connection yet
  }

  @Test
  void descriptorsRunOutBeforeTheFirstUseAndComeBack() throws Exception {
    TcpPeer server = serving(TcpPeer.start(Behaviour.echo()));
    int callers = scale.of(40, 150);
    List<String> said =
        Child.run(
            "ulimit -n 96;",
            List.of(),
            StarvedCaller.class,
            server.hostPort(),
            Integer.toString(callers));

    tell("15 no descriptors", said);
    assertThat(Child.figure(said, "eaten")).as("descriptors taken away").isGreaterThan(10);
    assertThat(Child.figure(said, "ended")).as("all callers ended").isEqualTo(1);
    assertThat(Child.figure(said, "failures")).isEqualTo(callers);
    assertThat(Child.figure(said, "errors")).isZero();
    assertThat(Child.figure(said, "named")).as("failures that name the cause").isEqualTo(callers);
    assertThat(Child.figure(said, "dials")).as("dials in one second").isBetween(1L, 20L);
    // also those whose own pool takes the last descriptors, as it may grow to 200 connections
    assertThat(Child.figure(said, "recovered")).isEqualTo(callers);
    assertThat(Duration.ofMillis(Child.figure(said, "first"))).isLessThan(scale.limit(250));
  }
}
