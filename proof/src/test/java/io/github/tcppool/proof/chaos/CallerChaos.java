package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallOptions;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Census;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.PoolWatch;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.testkit.TcpPeer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Scenarios 16 and 17: callers that are interrupted, and pools that are closed, at any moment. */
abstract class CallerChaos extends Chaos {

  private static final Verb[] VERBS = Verb.values();

  CallerChaos(Scale scale) {
    super(scale);
  }

  /** One of the three verbs in turn; those who only send have numbers below zero. */
  private Call anyVerb(TcpPool pool, int caller, int turn, int bytes) {
    Verb verb = VERBS[(caller + turn) % VERBS.length];
    int sender = verb == Verb.SEND ? -1 - caller : caller;
    return call(verb, pool, sender, bytes, CallOptions.defaults());
  }

  @Test
  void callersAreInterruptedAtRandomMoments() throws Exception {
    Random random = Seed.random("16 interrupts");
    TcpPeer first = answering();
    TcpPeer second = answering();
    TcpPool pool =
        pool(
            builder(first.hostPort(), second.hostPort())
                .connections(0, 8)
                .callTimeout(Duration.ofSeconds(10)));
    int callers = Callers.areVirtual() ? scale.of(500, 2_000) : scale.of(50, 200);
    Load load =
        start(
            callers,
            Duration.ofMillis(20),
            (caller, turn) -> {
              anyVerb(pool, caller, turn, 2_000);
              Thread.interrupted(); // each interrupt is for one call
            });
    List<Thread> threads = load.callers().all();
    int cancels = scale.of(400, 5_000);
    for (int i = 0; i < cancels; i++) {
      threads.get(random.nextInt(callers)).interrupt();
      LockSupport.parkNanos(random.nextInt(3_000_000)); // the script's own pace
      watch().look(pool);
    }
    long begun = System.nanoTime();
    load.stop();
    Duration ending = Duration.ofNanos(System.nanoTime() - begun);

    Figures calls = calls();
    tell("16 interrupts", callers + " callers", calls, "ended in " + ending);
    assertThat(calls.failed()).as("calls that were interrupted").isNotEmpty();
    assertThat(ending).as("all threads ended").isLessThan(scale.limit(2_000));
    assertThat(watch().events(PoolEvent.EndpointDown.class)).isEmpty();
  }

  @Test
  void poolsAreClosedAtRandomMoments() throws Exception {
    Random random = Seed.random("17 close");
    TcpPeer peer = answering();
    Duration drain = Duration.ofSeconds(1);
    Duration slowest = Duration.ZERO;
    Duration slowestCaller = Duration.ZERO;
    int rounds = scale.of(10, 200);
    for (int round = 0; round < rounds; round++) {
      Census before = Census.now();
      PoolWatch watch = new PoolWatch();
      TcpPool pool = watch.build(spoken(builder(peer.hostPort()).connections(0, 8)));
      Load load = start(64, Duration.ZERO, (caller, turn) -> untilClosed(pool, caller, turn));
      LockSupport.parkNanos(random.nextInt(40_000_000)); // the random moment
      long begun = System.nanoTime();
      watch.close(drain);
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      load.finish(Duration.ofSeconds(5));
      Duration caller = Duration.ofNanos(System.nanoTime() - begun);
      slowest = took.compareTo(slowest) > 0 ? took : slowest;
      slowestCaller = caller.compareTo(slowestCaller) > 0 ? caller : slowestCaller;
      peer.awaitOpen(0);
      before.awaitNoMore(Duration.ofSeconds(5));
    }

    tell("17 close", calls(), "slowest close " + slowest, "slowest caller " + slowestCaller);
    assertThat(slowest).isLessThan(scale.limit(drain.toMillis() + 250));
    // A tenth of a second for those who wait; replies under way are still read, and the time
    // counts until the last of 64 threads has ended.
    assertThat(slowestCaller).isLessThan(scale.limit(250));
    assertThat(calls().failed()).allMatch(call -> call.ending() == Ending.NOT_SENT);
  }

  /** Calls as long as the pool is open, then ends its caller. */
  private void untilClosed(TcpPool pool, int caller, int turn) {
    Call call = anyVerb(pool, caller, turn, Message.MIN_BYTES);
    if (call.failure() instanceof PoolClosedException) {
      throw new Load.Done();
    }
  }
}
