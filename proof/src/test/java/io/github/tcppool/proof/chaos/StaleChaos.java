package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CloseReason;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.PeerConnection;
import io.github.tcppool.testkit.TcpPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Scenarios 4 and 5: servers that close or reset what lies idle. */
abstract class StaleChaos extends Chaos {

  StaleChaos(Scale scale) {
    super(scale);
  }

  /**
   * The server's idle timeout is played by closing what was used whenever all callers rest, so that
   * every turn meets dead connections, and none dies in use. Those that were made in vain are left
   * for the next turn: an endpoint that closes new connections would be held to be down.
   */
  @Test
  void theServerClosesWhatIsIdleBetweenAnyTwoUses() throws Exception {
    TcpPeer answering = answering();
    TcpPeer silent = peer(Behaviour.sink());
    TcpPool asking = pool(builder(answering.hostPort()));
    TcpPool telling = pool(builder(silent.hostPort()));
    CyclicBarrier rest =
        new CyclicBarrier(
            16,
            () -> {
              closeIdle(asking, answering);
              closeIdle(telling, silent);
            });
    int turns = scale.of(60, 400);
    Load load =
        start(
            16,
            turns,
            Duration.ZERO,
            (caller, turn) -> {
              rest.await(20, TimeUnit.SECONDS);
              if (caller % 2 == 0) {
                call(Verb.EXCHANGE, asking, caller);
              } else {
                call(Verb.SEND, telling, caller);
              }
            });
    load.finish(Duration.ofSeconds(60));

    long stale = stale(asking) + stale(telling);
    tell("4 closed while idle", calls(), "stale ones found " + stale);
    assertThat(calls().failed()).isEmpty();
    assertThat(stale).as("stale connections that no caller saw").isGreaterThanOrEqualTo(turns);
    silent.awaitFrames(8L * turns); // nothing that was sent is lost
  }

  /** On loopback a FIN has arrived when the server's close returns. */
  private static void closeIdle(TcpPool pool, TcpPeer peer) {
    awaitThat(pool, "all messages received", now -> peer.framesReceived() == now.messages());
    for (PeerConnection connection : peer.connections()) {
      if (connection.framesReceived() > 0) {
        connection.close();
      }
    }
  }

  private static long stale(TcpPool pool) {
    return pool.snapshot().closedBy().getOrDefault(CloseReason.PEER_CLOSED, 0L);
  }

  @Test
  void allConnectionsAreResetTenTimesASecond() throws Exception {
    TcpPeer peer = answering();
    TcpPool pool = pool(builder(peer.hostPort()).connections(0, 32));
    Load load =
        start(
            32,
            Duration.ofMillis(2),
            (caller, turn) -> {
              if (caller % 2 == 0) {
                repeatable(pool, caller);
              } else {
                call(Verb.EXCHANGE, pool, caller);
              }
            });
    List<long[]> resets = new ArrayList<>();
    int rounds = scale.of(10, 80);
    for (int i = 0; i < rounds; i++) {
      play(Duration.ofMillis(100));
      long begun = System.nanoTime();
      peer.resetAll();
      resets.add(new long[] {begun, System.nanoTime()});
    }
    load.stop();

    tell("5 reset", calls(), rounds + " resets");
    assertThat(calls().only(Call::idempotent).failed()).isEmpty();
    for (Call failed : calls().failed()) {
      assertThat(resets)
          .as("resets during %s", failed)
          .anyMatch(
              reset ->
                  failed.startedNanos() - reset[1] <= 0 && failed.endedNanos() - reset[0] >= 0);
    }
  }
}
