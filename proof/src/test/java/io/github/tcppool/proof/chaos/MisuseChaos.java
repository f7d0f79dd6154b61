package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.PoolEvent;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Scenario 18: borrowers who return twice, use what they returned, or never return. */
abstract class MisuseChaos extends Chaos {

  private static final int CALLERS = 8;

  private final Set<Integer> owned = ConcurrentHashMap.newKeySet();
  private final Queue<String> twice = new ConcurrentLinkedQueue<>();

  MisuseChaos(Scale scale) {
    super(scale);
  }

  @Test
  void borrowersReturnTwiceAndUseWhatTheyReturned() throws Exception {
    TcpPeer peer = answering();
    TcpPool pool = pool(builder(peer.hostPort()).connections(0, 4));
    Load load =
        start(
            CALLERS,
            scale.of(100, 2_000),
            Duration.ZERO,
            (caller, turn) -> {
              misuse(pool, caller + turn);
              call(Verb.LEASE, pool, caller);
            });
    load.finish(Duration.ofSeconds(60));

    tell("18 misuse", calls(), pool.snapshot().closedBy());
    assertThat(twice).isEmpty();
    assertThat(calls().failed()).isEmpty();
  }

  private void misuse(TcpPool pool, int turn) throws IOException {
    PooledSocket socket = pool.lease();
    int connection = socket.getLocalPort();
    if (!owned.add(connection)) {
      twice.add("two owners of the connection from port " + connection);
    }
    byte[] request = Message.of(Message.ASIDE, -1L - turn).frame(); // an id that no call has
    socket.getOutputStream().write(request); // long enough for another owner to come
    assertThat(socket.getInputStream().readNBytes(request.length)).isEqualTo(request);
    owned.remove(connection);
    switch (turn % 3) {
      case 0 -> socket.close();
      case 1 -> socket.discard();
      default -> {
        socket.shutdownOutput(); // the connection is of no use to anybody else
        socket.close();
      }
    }
    socket.close();
    socket.discard();
    socket.close();
    assertThatThrownBy(() -> socket.getOutputStream().write(1)).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @Test
  void borrowersNeverReturn() throws Exception {
    int leaks = scale.of(10, 100);
    TcpPeer peer = answering();
    TcpPool pool =
        pool(
            builder(peer.hostPort())
                .connections(0, leaks)
                .maxDials(20)
                .leakThreshold(Duration.ofSeconds(10))
                .callTimeout(Duration.ofSeconds(20)));
    Load borrowers = start(leaks, 1, Duration.ZERO, (caller, turn) -> pool.lease());
    borrowers.finish(Duration.ofSeconds(20));

    long begun = System.nanoTime();
    await("all leaks told")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              System.gc();
              return watch().events(PoolEvent.LeaseLeaked.class).size() >= leaks;
            });
    tell("18 leaks", leaks + " told after " + Duration.ofNanos(System.nanoTime() - begun));
    assertThat(watch().events(PoolEvent.LeaseLeaked.class))
        .hasSize(leaks)
        .allMatch(leak -> leak.collected() && leak.leasedAt() != null);
    Load next = start(leaks, 1, Duration.ZERO, (caller, turn) -> call(Verb.LEASE, pool, caller));
    next.finish(Duration.ofSeconds(20));
    assertThat(calls().failed()).as("calls that need the places back").isEmpty();
  }
}
