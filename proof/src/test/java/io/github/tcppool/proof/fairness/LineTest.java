package io.github.tcppool.proof.fairness;

import static io.github.tcppool.proof.fairness.Scene.PATIENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.proof.threads.Callers;
import io.github.tcppool.proof.threads.ThreadKind;
import io.github.tcppool.testkit.Behaviour;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * First come, first served. All take turns on one connection, and each notes its turn while it
 * holds it: so the notes are in the order of service, however threads are scheduled.
 */
class LineTest {

  private static final int WAITERS = 100;
  private static final int NEWCOMER = -1;

  private final List<Integer> served = new CopyOnWriteArrayList<>();

  private static List<Integer> inOrder() {
    return IntStream.range(0, WAITERS).boxed().toList();
  }

  private void takeTurn(Scene scene, int number) throws IOException {
    PooledSocket turn = scene.pool.lease();
    served.add(number);
    turn.close();
  }

  @ParameterizedTest
  @EnumSource(ThreadKind.class)
  void waitersAreServedInTheOrderInWhichTheyCame(ThreadKind kind) throws Exception {
    kind.orAbort();
    try (Scene scene = Scene.of(o -> o.connections(1))) {
      PooledSocket held = scene.pool.lease();
      Callers waiters = Callers.waiting(kind, WAITERS);
      for (int i = 0; i < WAITERS; i++) {
        waiters.startOne(i, number -> takeTurn(scene, number));
        scene.awaitWaiting(i + 1);
      }
      held.close();
      waiters.join(PATIENCE);
    }
    assertThat(served).isEqualTo(inOrder());
  }

  @Test
  void anOutageDoesNotChangeTheOrder() throws Exception {
    try (Scene scene = Scene.of(o -> o.connections(0, 1))) {
      scene.peer.kill();
      Callers waiters = Callers.waiting(ThreadKind.bestThere(), WAITERS);
      for (int i = 0; i < WAITERS; i++) {
        waiters.startOne(i, number -> takeTurn(scene, number));
        scene.awaitWaiting(i + 1);
      }
      scene.peer.restart();
      waiters.join(PATIENCE);
    }
    assertThat(served).isEqualTo(inOrder());
  }

  @Test
  void sendersLeasesAndDialoguesStandInOneLine() throws Exception {
    List<String> atThePeer;
    try (Scene scene = Scene.of(Behaviour.sink(), o -> o.connections(1).framing(Framing.lines()))) {
      PooledSocket held = scene.pool.lease();
      Callers waiters = Callers.waiting(ThreadKind.bestThere(), WAITERS);
      for (int i = 0; i < WAITERS; i++) {
        waiters.startOne(i, number -> say(scene, number));
        scene.awaitWaiting(i + 1);
      }
      held.close();
      waiters.join(PATIENCE);
      scene.peer.awaitFrames(WAITERS);
      String all = new String(scene.peer.connection(1).received(), UTF_8);
      assertThat(scene.pool.snapshot().opened()).isEqualTo(1);
      atThePeer = all.lines().toList();
    }
    assertThat(atThePeer)
        .as("lines in the order in which the peer got them")
        .isEqualTo(inOrder().stream().map(String::valueOf).toList());
  }

  /** Each by the next verb. Nobody answers, so nothing is left unread. */
  private static void say(Scene scene, int number) throws Exception {
    byte[] line = (number + "\n").getBytes(UTF_8);
    switch (number % 3) {
      case 0 -> scene.pool.send(line);
      case 1 -> {
        try (PooledSocket lease = scene.pool.lease()) {
          lease.getOutputStream().write(line);
        }
      }
      default ->
          scene.pool.exchange(
              (in, out) -> {
                out.write(line);
                return true;
              });
    }
  }

  @ParameterizedTest
  @EnumSource(ThreadKind.class)
  void aNewcomerIsServedOnlyWhenAllWaitersHaveBeen(ThreadKind kind) throws Exception {
    kind.orAbort();
    try (Scene scene = Scene.of(o -> o.connections(1))) {
      PooledSocket held = scene.pool.lease();
      Callers waiters = Callers.waiting(kind, WAITERS);
      for (int i = 0; i < WAITERS; i++) {
        waiters.startOne(i, number -> takeTurn(scene, number));
        scene.awaitWaiting(i + 1);
      }
      AtomicBoolean over = new AtomicBoolean();
      Callers newcomers = Callers.start(ThreadKind.PLATFORM, 3, number -> push(scene, over));
      scene.awaitWaiting(WAITERS); // none of them has joined the line: they do not wait
      held.close();
      waiters.join(PATIENCE);
      Scene.await("a newcomer's turn", () -> served.contains(NEWCOMER));
      over.set(true);
      newcomers.join(PATIENCE);
    }
    assertThat(served.subList(0, WAITERS)).isEqualTo(inOrder());
  }

  /** Tries, without ever waiting, to have the connection before those that wait. */
  private void push(Scene scene, AtomicBoolean over) throws Exception {
    CallOptions atOnce = CallOptions.within(Duration.ZERO);
    while (!over.get()) {
      Optional<PooledSocket> taken = scene.pool.tryLease();
      if (taken.isEmpty()) {
        taken = leaseAtOnce(scene, atOnce);
      }
      if (taken.isPresent()) {
        if (!served.contains(NEWCOMER)) {
          served.add(NEWCOMER);
        }
        taken.get().close();
      }
    }
  }

  private static Optional<PooledSocket> leaseAtOnce(Scene scene, CallOptions atOnce)
      throws Exception {
    try {
      return Optional.of(scene.pool.lease(atOnce));
    } catch (CallTimeoutException e) {
      return Optional.empty(); // as it should be while others wait
    }
  }

  @Test
  void withSeveralConnectionsEachThatIsReturnedGoesToTheNextInLine() throws Exception {
    int connections = 4;
    try (Scene scene = Scene.of(o -> o.connections(connections))) {
      List<PooledSocket> held = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        held.add(scene.pool.lease());
      }
      List<CountDownLatch> mayReturn = new ArrayList<>();
      Callers waiters = Callers.waiting(ThreadKind.bestThere(), WAITERS);
      for (int i = 0; i < WAITERS; i++) {
        CountDownLatch latch = new CountDownLatch(1);
        mayReturn.add(latch);
        waiters.startOne(i, number -> keep(scene, number, latch));
        scene.awaitWaiting(i + 1);
      }
      for (int returned = 0; returned < WAITERS; returned++) {
        if (returned < connections) {
          held.get(returned).close();
        } else {
          mayReturn.get(returned - connections).countDown();
        }
        int turns = returned + 1;
        Scene.await("the next one is served", () -> served.size() == turns);
      }
      mayReturn.forEach(CountDownLatch::countDown);
      waiters.join(PATIENCE);
    }
    assertThat(served).isEqualTo(inOrder());
  }

  private void keep(Scene scene, int number, CountDownLatch mayReturn) throws Exception {
    PooledSocket turn = scene.pool.lease();
    served.add(number);
    Scene.await(mayReturn);
    turn.close();
  }
}
