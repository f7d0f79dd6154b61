package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallOptions;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Scenarios 9 to 11: servers that stop reading, that drip, that answer too late. */
abstract class SlowChaos extends Chaos {

  private static final int SMALL_BUFFER = 8 << 10;

  SlowChaos(Scale scale) {
    super(scale);
  }

  @Test
  void oneOfTwoEndpointsStopsReading() throws Exception {
    TcpPeer stuck = smallSink();
    TcpPeer healthy = smallSink();
    TcpPool pool =
        pool(
            builder(stuck.hostPort(), healthy.hostPort())
                .callTimeout(Duration.ofSeconds(5))
                .socketOption(StandardSocketOptions.SO_SNDBUF, SMALL_BUFFER));
    CallOptions options = CallOptions.defaults();
    Load load =
        start(
            16,
            Duration.ofMillis(5),
            (caller, turn) -> call(Verb.SEND, pool, caller, 64 << 10, options));
    Duration span = scale.of(Duration.ofMillis(700), Duration.ofSeconds(5));
    play(Duration.ofMillis(500));
    long before = healthy.framesReceived();
    play(span);
    long normal = healthy.framesReceived() - before;
    stuck.pause();
    play(Duration.ofMillis(600)); // all of its buffers are full, and the first writes given up
    before = healthy.framesReceived();
    long begun = System.nanoTime();
    play(span);
    long then = healthy.framesReceived() - before;
    long ended = System.nanoTime();
    Duration longest = calls().endedIn(begun, ended).longest();
    load.stop();
    stuck.resume();

    double part = (double) then / normal;
    tell("9 stops reading", calls(), "rate of the other " + part, "longest while stuck " + longest);
    assertThat(calls().failed()).isEmpty();
    assertThat(longest).as("stuck for one write timeout at most").isLessThan(scale.limit(750));
    assertThat(part).as("rate of the other endpoint").isGreaterThan(scale.of(0.3, 0.7));
  }

  @Test
  void aPoolWhoseServerDoesNotReadIsClosedInTime() throws Exception {
    TcpPeer stuck = smallSink();
    stuck.pause();
    TcpPool pool =
        pool(
            builder(stuck.hostPort())
                .writeTimeout(Duration.ofSeconds(10))
                .callTimeout(Duration.ofSeconds(10))
                .socketOption(StandardSocketOptions.SO_SNDBUF, SMALL_BUFFER));
    CallOptions options = CallOptions.defaults();
    Load load =
        start(
            16,
            1,
            Duration.ZERO,
            (caller, turn) -> call(Verb.SEND, pool, caller, 512 << 10, options));
    awaitThat(pool, "ten writers stuck and six waiting", now -> now.waiting() == 6);
    long begun = System.nanoTime();
    pool.close(Duration.ofMillis(500));
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    load.finish(Duration.ofSeconds(5));
    stuck.resume();

    tell("9 close beside stuck writers", calls(), "close took " + took);
    assertThat(took).isLessThan(scale.limit(1_000));
    assertThat(calls().failed()).hasSize(16);
  }

  private TcpPeer smallSink() {
    return peer(TcpPeer.builder().receiveBuffer(SMALL_BUFFER).behaviour(Behaviour.sink()));
  }

  @Test
  void aReplyThatDripsEndsAtTheDeadline() throws Exception {
    TcpPeer peer = peer(Behaviour.echo().sendingSlowly(1, Duration.ofMillis(50)));
    Duration deadline = Duration.ofMillis(500);
    TcpPool pool = pool(builder(peer.hostPort()).callTimeout(deadline));
    Load load =
        start(
            8, scale.of(2, 10), Duration.ZERO, (caller, turn) -> call(Verb.EXCHANGE, pool, caller));
    load.finish(Duration.ofSeconds(60));

    tell("10 drips", calls());
    assertThat(calls().list())
        .allMatch(call -> call.ending() == Ending.UNKNOWN)
        .allMatch(call -> call.took().compareTo(deadline) >= 0);
    assertThat(calls().longest()).isLessThan(scale.limit(650));
  }

  @Test
  void repliesThatComeAfterTheDeadlineGoToNobody() throws Exception {
    Duration deadline = Duration.ofMillis(scale.of(100, 50));
    Random random = Seed.random("11 late replies");
    boolean[] late = new boolean[100_000];
    for (int i = 0; i < late.length; i++) {
      late[i] = random.nextInt(20) == 0;
    }
    Behaviour dawdling =
        connection -> {
          for (byte[] frame; (frame = connection.readFrame()) != null; ) {
            int id = (int) Message.parse(frame, 4, frame.length - 4).id();
            if (late[id % late.length]) {
              connection.delay(deadline.plusMillis(300));
            }
            connection.send(frame);
          }
        };
    TcpPeer peer = peer(dawdling);
    TcpPool pool = pool(builder(peer.hostPort()).connections(0, 32).callTimeout(deadline));
    Load load =
        start(
            16,
            scale.of(60, 1_250),
            Duration.ofMillis(1),
            (caller, turn) -> call(Verb.EXCHANGE, pool, caller));
    load.finish(Duration.ofSeconds(60));

    tell("11 late replies", calls());
    assertThat(calls().count(Ending.WRONG_REPLY)).isZero();
    assertThat(calls().count(Ending.UNKNOWN)).isPositive();
    for (Call call : calls().list()) {
      if (late[(int) call.message().id() % late.length]) {
        assertThat(call.succeeded()).as("%s", call).isFalse();
      }
    }
  }
}
