package io.github.tcppool.proof.fairness;

import static io.github.tcppool.proof.fairness.Scene.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallOptions;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.ConnectHook;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.proof.threads.Callers;
import io.github.tcppool.proof.threads.ThreadKind;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.PeerConnection;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A waiter and a dial do not belong to each other; and no dial goes beyond the maximum. */
class WhicheverComesFirstTest {

  /** Dials end as they get a permit. */
  private final Semaphore dials = new Semaphore(0);

  private final ConnectHook login =
      (socket, endpoint) -> {
        try {
          dials.acquire();
        } catch (InterruptedException e) {
          throw new InterruptedIOException("login");
        }
      };

  private Scene scene(int max) {
    return Scene.of(o -> o.connections(0, max).onConnect(login));
  }

  private static int portOf(PooledSocket lease) {
    return lease.getLocalPort();
  }

  @ParameterizedTest
  @EnumSource(ThreadKind.class)
  void aConnectionReturnedBeforeTheDialEndsServesTheWaiter(ThreadKind kind) throws Exception {
    kind.orAbort();
    try (Scene scene = scene(2)) {
      dials.release();
      PooledSocket held = scene.pool.lease();
      int heldPort = portOf(held);
      AtomicReference<Integer> got = new AtomicReference<>();
      Callers waiter = waiter(scene, kind, got);
      scene.awaitWaiting(1);
      scene.peer.awaitAccepted(2);

      held.close();
      waiter.join(PATIENCE);
      assertThat(got.get()).as("port of the connection").isEqualTo(heldPort);

      dials.release();
      Scene.await("both are idle", () -> scene.pool.snapshot().idle() == 2);
    }
  }

  @ParameterizedTest
  @EnumSource(ThreadKind.class)
  void aDialThatEndsBeforeAConnectionIsReturnedServesTheWaiter(ThreadKind kind) throws Exception {
    kind.orAbort();
    try (Scene scene = scene(2)) {
      dials.release();
      PooledSocket held = scene.pool.lease();
      AtomicReference<Integer> got = new AtomicReference<>();
      Callers waiter = waiter(scene, kind, got);
      scene.awaitWaiting(1);

      dials.release();
      waiter.join(PATIENCE);
      assertThat(got.get()).as("port of the connection").isNotEqualTo(portOf(held));
      held.close();
    }
  }

  private static Callers waiter(Scene scene, ThreadKind kind, AtomicReference<Integer> got) {
    return Callers.start(
        kind,
        1,
        number -> {
          try (PooledSocket lease = scene.pool.lease()) {
            got.set(portOf(lease));
          }
        });
  }

  @Test
  void aDialOutlivesTheCallerWhoseTimeWasUp() throws Exception {
    try (Scene scene = scene(2)) {
      assertThat(failureOf(scene, Duration.ofMillis(20))).isInstanceOf(CallTimeoutException.class);
      assertDialGoesOn(scene);
    }
  }

  @ParameterizedTest
  @EnumSource(ThreadKind.class)
  void aDialOutlivesTheCallerThatWasInterrupted(ThreadKind kind) throws Exception {
    kind.orAbort();
    try (Scene scene = scene(2)) {
      AtomicReference<Exception> failure = new AtomicReference<>();
      Callers caller = Callers.start(kind, 1, number -> failure.set(failureOf(scene, PATIENCE)));
      scene.awaitWaiting(1);
      caller.threads().get(0).interrupt();
      caller.join(PATIENCE);
      assertThat(failure.get()).isInstanceOf(CallInterruptedException.class);
      assertDialGoesOn(scene);
    }
  }

  private static Exception failureOf(Scene scene, Duration time) {
    try {
      scene.pool.lease(CallOptions.within(time)).close();
      throw new AssertionError("there was a connection");
    } catch (IOException e) {
      return e;
    }
  }

  private void assertDialGoesOn(Scene scene) throws Exception {
    assertThat(scene.pool.snapshot().dialing()).isEqualTo(1);
    dials.release();
    Scene.await("the connection is there", () -> scene.pool.snapshot().idle() == 1);
    scene.pool.tryLease().orElseThrow().close();
    assertThat(scene.pool.snapshot().opened()).isEqualTo(1);
  }

  @Test
  void aConnectionThatIsClosingCountsUntilItIsClosed() throws Exception {
    CountDownLatch mayClose = new CountDownLatch(1);
    Behaviour lingering =
        connection -> {
          while (connection.read() != null) {
            // until the client's FIN
          }
          mayClose.await();
          connection.close();
        };
    try (Scene scene = Scene.of(lingering, o -> o.connections(0, 1).drainTimeout(PATIENCE))) {
      scene.pool.lease().close();
      PeerConnection first = scene.peer.awaitAccepted(1);
      scene.pool.evict();
      first.awaitEnd();
      assertThat(scene.pool.snapshot().endpoints().get(0).closing()).isEqualTo(1);

      AtomicReference<Integer> got = new AtomicReference<>();
      Callers waiter = waiter(scene, ThreadKind.PLATFORM, got);
      scene.awaitWaiting(1);
      assertThat(scene.pool.snapshot().total()).isEqualTo(1);
      assertThat(scene.pool.snapshot().dialing()).isZero();

      mayClose.countDown();
      waiter.join(PATIENCE);
      assertThat(scene.pool.snapshot().opened()).isEqualTo(2);
    }
  }
}
