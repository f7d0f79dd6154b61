package io.github.tcppool.proof.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.TcpPool;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** A peer and a pool of connections to it, with what tests of order ask of both. */
final class Scene implements AutoCloseable {

  /** By then everything that a test waits for has long happened, or never will. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  final TcpPeer peer;
  final TcpPool pool;

  private Scene(TcpPeer peer, TcpPool pool) {
    this.peer = peer;
    this.pool = pool;
  }

  /** An echoing peer. */
  static Scene of(UnaryOperator<TcpPool.Builder> settings) {
    return of(Behaviour.echo(), settings);
  }

  static Scene of(Behaviour behaviour, UnaryOperator<TcpPool.Builder> settings) {
    TcpPeer peer =
        TcpPeer.builder()
            .behaviour(behaviour)
            .keepFrames(0)
            .patience(PATIENCE)
            .backlog(256)
            .start();
    return new Scene(peer, settings.apply(TcpPool.builder(peer.hostPort())).build());
  }

  void awaitWaiting(int callers) {
    await("callers in the line", () -> pool.snapshot().waiting() == callers);
  }

  static void await(String what, BooleanSupplier fact) {
    Awaitility.await(what)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(fact::getAsBoolean);
  }

  /** Waits as long as a test has patience, and fails if the time is over. */
  static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("latch opened").isTrue();
  }

  @Override
  public void close() {
    pool.close(Duration.ofSeconds(1));
    peer.close();
    assertThat(peer.failures()).as("what went wrong at the peer").isEmpty();
  }
}
