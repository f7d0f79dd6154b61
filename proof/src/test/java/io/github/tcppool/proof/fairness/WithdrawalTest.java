package io.github.tcppool.proof.fairness;

import static io.github.tcppool.proof.fairness.Scene.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallOptions;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.proof.threads.Callers;
import io.github.tcppool.proof.threads.ThreadKind;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A waiter that gives up at the moment at which a connection is returned: it either has the
 * connection or is out of the line, and never takes the connection with it.
 *
 * <p>Rounds of three: a hasty caller that gives up, a patient one behind it, and the test, which
 * returns the only connection somewhere around the moment at which the hasty one gives up. The
 * patient one must be served in every round.
 */
class WithdrawalTest {

  private static final int ROUNDS = 10_000;
  private static final CallOptions PATIENT = CallOptions.within(PATIENCE);

  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger gaveUp = new AtomicInteger();
  private final Random random = new Random(20_261_124);

  @ParameterizedTest
  @EnumSource(ThreadKind.class)
  void noConnectionIsLostToAWaiterWhoseTimeIsUp(ThreadKind kind) throws Exception {
    CallOptions hasty = CallOptions.within(Duration.ofNanos(100_000));
    play(
        kind.orAbort(),
        hasty,
        CallTimeoutException.class,
        (held, thread) -> {
          letOthersRun();
          work(300_000);
          held.close();
        });
  }

  @ParameterizedTest
  @EnumSource(ThreadKind.class)
  void noConnectionIsLostToAWaiterThatIsInterrupted(ThreadKind kind) throws Exception {
    play(
        kind.orAbort(),
        PATIENT,
        CallInterruptedException.class,
        (held, thread) -> {
          letOthersRun();
          work(50_000);
          boolean interruptFirst = random.nextBoolean();
          if (interruptFirst) {
            thread.interrupt();
            work(50_000);
          }
          held.close();
          if (!interruptFirst) {
            work(2_000);
            thread.interrupt();
          }
        });
  }

  /** Returns the connection, and makes the hasty caller give up unless it does so by itself. */
  private interface Round {
    void play(PooledSocket held, Thread hasty) throws IOException;
  }

  /** On a single processor the hasty one would else begin to wait when all is over. */
  @SuppressWarnings("ThreadPriorityCheck") // only how often each outcome is seen depends on it
  private void letOthersRun() {
    if (random.nextBoolean()) {
      Thread.yield();
    }
  }

  /** Keeps a processor busy for a while, as no timer is exact enough for moments like these. */
  private void work(int mostNanos) {
    long until = System.nanoTime() + random.nextInt(mostNanos);
    while (System.nanoTime() - until < 0) {
      Thread.onSpinWait();
    }
  }

  private void play(
      ThreadKind kind, CallOptions hasty, Class<? extends IOException> failure, Round round)
      throws Exception {
    Phaser turns = new Phaser(3); // unlike a barrier it takes no notice of interrupts
    try (Scene scene = Scene.of(o -> o.connections(0, 1).maxLifetime(Duration.ZERO))) {
      PooledSocket held = scene.pool.lease();
      Callers callers = Callers.waiting(kind, 2);
      Thread first = callers.startOne(0, number -> giveUp(scene, hasty, failure, turns));
      callers.startOne(1, number -> wait(scene, turns));
      for (int i = 0; i < ROUNDS; i++) {
        next(turns);
        round.play(held, first);
        next(turns);
        held = scene.pool.lease(CallOptions.within(Duration.ZERO)); // it is idle, or lost
      }
      callers.join(PATIENCE);
      held.close();
      assertThat(scene.pool.snapshot().opened()).as("connections ever made").isEqualTo(1);
      assertThat(scene.pool.snapshot().waiting()).isZero();
    }
    assertThat(served.get() + gaveUp.get()).isEqualTo(ROUNDS);
    assertThat(served).as("rounds in which it was served in time").hasPositiveValue();
    assertThat(gaveUp).as("rounds in which it gave up").hasPositiveValue();
  }

  private static void next(Phaser turns) throws InterruptedException, TimeoutException {
    turns.awaitAdvanceInterruptibly(turns.arrive(), PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private void giveUp(
      Scene scene, CallOptions hasty, Class<? extends IOException> failure, Phaser turns)
      throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      turns.arriveAndAwaitAdvance();
      try {
        scene.pool.lease(hasty).close();
        served.incrementAndGet();
      } catch (IOException e) {
        if (!failure.isInstance(e)) {
          throw e;
        }
        gaveUp.incrementAndGet();
      }
      turns.arriveAndAwaitAdvance();
      boolean unused = Thread.interrupted();
    }
  }

  private static void wait(Scene scene, Phaser turns) throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      turns.arriveAndAwaitAdvance();
      scene.pool.lease(PATIENT).close();
      turns.arriveAndAwaitAdvance();
    }
  }
}
