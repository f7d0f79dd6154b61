package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.CloseReason;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolClosedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The blocking part of the engine under a model checker, which runs each scenario again and again,
 * every time with its threads interleaved in another way, and reports a thread that is never woken.
 *
 * <p>Behind {@code -Pslow}: for each scenario the checker prepares all classes anew, which takes
 * seconds, and on a busy machine so many that it takes the test for hung.
 */
@Tag("interleavings")
@Tag("slow")
class InterleavingsTest {

  /** How many ways are tried per scenario. */
  private static final int WAYS = Integer.getInteger("tcppool.interleavings", 25);

  /**
   * Text is formatted once before the model checker is there: it cannot follow how the JDK loads
   * locales.
   */
  @BeforeAll
  static void loadWhatTimeoutsNeed() throws IOException {
    Bench bench = new Bench(1);
    bench.holdsDials = true;
    Acquisition<FakeConnection> late = begun(bench);
    bench.now = 2 * Bench.DEADLINE_NANOS;
    assertThatThrownBy(late::advance).isInstanceOf(CallTimeoutException.class);
  }

  /**
   * Nothing is asked of the first run: it prepares hundreds of classes, for which a starved machine
   * takes longer than the 30 s after which the model checker takes a thread for hung.
   */
  @BeforeAll
  static void prepareClasses() {
    try {
      Lincheck.runConcurrentTest(1, InterleavingsTest::useOnce);
    } catch (LincheckAssertionError e) {
      System.out.println("preparing took too long: " + e.getMessage().strip());
    }
  }

  private static void useOnce() {
    try {
      Bench bench = Bench.filled(1);
      together(() -> use(bench), () -> use(bench));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What one thread of a scenario does. */
  private interface Step {
    void run() throws IOException;
  }

  private interface Scenario {
    void run() throws IOException;
  }

  private static void explore(Scenario scenario) {
    Lincheck.runConcurrentTest(
        WAYS,
        () -> {
          try {
            scenario.run();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void together(Step... steps) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (Step step : steps) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  step.run();
                } catch (Throwable t) {
                  failure.set(t);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      join(thread);
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void require(boolean right, String rule) {
    if (!right) {
      throw new AssertionError(rule);
    }
  }

  private static void use(Bench bench) throws IOException {
    FakeConnection connection = bench.acquire();
    require(connection.closedFor == null, "nobody is given a closed connection");
    bench.release(connection);
  }

  /** Everybody is done: so many idle connections, and nothing else. */
  private static void requireIdle(Bench bench, int idle) {
    EndpointSnapshot lane = bench.engine.closings().endpoints().get(0);
    require(lane.idle() == idle, "idle connections");
    require(lane.total() == idle, "connections");
    require(bench.open.get() == idle, "open sockets");
    require(bench.engine.closings().waiting() == 0, "nobody waits");
  }

  @Test
  void aReleaseWakesWhoeverIsJustJoiningTheLine() {
    explore(
        () -> {
          Bench bench = Bench.filled(1);
          together(() -> use(bench), () -> use(bench));
          requireIdle(bench, 1);
        });
  }

  @Test
  void noMoreConnectionsAreMadeThanAllowed() {
    explore(
        () -> {
          Bench bench = new Bench(1, 2);
          together(() -> use(bench), () -> use(bench));
          requireIdle(bench, 1);
        });
  }

  @Test
  void aHandOffAndATimeoutCannotBothWin() {
    explore(
        () -> {
          Bench bench = Bench.filled(1);
          bench.parker = new MonitorParker();
          FakeConnection held = bench.acquire();
          together(
              () -> {
                try {
                  use(bench);
                } catch (CallTimeoutException e) {
                  require(bench.now > 0, "time is up");
                }
              },
              () -> bench.release(held),
              () -> runOutOfTime(bench));
          requireIdle(bench, 1);
        });
  }

  private static void runOutOfTime(Bench bench) {
    bench.now = 2 * Bench.DEADLINE_NANOS;
    bench.parker.wake();
  }

  @Test
  void aHandOffAndAnInterruptCannotBothWin() {
    explore(
        () -> {
          Bench bench = Bench.filled(1);
          bench.parker = new MonitorParker();
          FakeConnection held = bench.acquire();
          together(
              () -> {
                try {
                  use(bench);
                } catch (CallInterruptedException e) {
                  require(Thread.currentThread().isInterrupted(), "it was interrupted");
                } finally {
                  Thread.interrupted();
                }
              },
              () -> bench.release(held),
              bench.parker::interrupt);
          requireIdle(bench, 1);
        });
  }

  @Test
  void aDiscardServesAWaiterByANewConnection() {
    explore(
        () -> {
          Bench bench = Bench.filled(1);
          FakeConnection held = bench.acquire();
          together(() -> use(bench), () -> bench.discard(held));
          requireIdle(bench, 1);
        });
  }

  @Test
  void aFailedDialEndsTheLastWaiterUnlessItHasLeft() {
    explore(
        () -> {
          Bench bench = new Bench(1);
          bench.parker = new MonitorParker();
          bench.holdsDials = true;
          bench.refuses = true;
          Acquisition<FakeConnection> last = begun(bench);
          together(
              () -> {
                try {
                  last.await();
                  throw new AssertionError("there is no connection");
                } catch (CallTimeoutException | ConnectFailedException e) {
                  // either may come first
                }
              },
              bench.heldDial::run,
              () -> runOutOfTime(bench));
          requireIdle(bench, 0);
        });
  }

  /** A call that waits already, for a dial that is held back. */
  private static Acquisition<FakeConnection> begun(Bench bench) throws IOException {
    Acquisition<FakeConnection> begun =
        bench.engine.begin(
            Use.CALL, PickOrder.LAST_USED, null, Engine.ANY, null, 0, Bench.DEADLINE_NANOS);
    require(begun.advance() == null, "it waits");
    return begun;
  }

  @Test
  void aDialThatEndsInTheHandsOfNobodyIsIdle() {
    explore(
        () -> {
          Bench bench = new Bench(1);
          bench.parker = new MonitorParker();
          bench.holdsDials = true;
          Acquisition<FakeConnection> last = begun(bench);
          together(
              () -> {
                try {
                  bench.engine.release(last.await(), Use.CALL, 0);
                } catch (CallTimeoutException e) {
                  require(bench.now > 0, "time is up");
                }
              },
              bench.heldDial::run,
              () -> runOutOfTime(bench));
          requireIdle(bench, 1);
        });
  }

  @Test
  void aConnectionIsEvictedOrLeasedButNotBoth() {
    explore(
        () -> {
          Bench bench = Bench.filled(1);
          together(() -> use(bench), () -> bench.engine.closings().evict(endpoint -> true));
          EndpointSnapshot lane = bench.engine.closings().endpoints().get(0);
          require(lane.leased() == 0, "nothing is leased");
          requireIdle(bench, lane.idle());
        });
  }

  @Test
  void aConnectionDiscardedTwiceIsClosedOnce() {
    explore(
        () -> {
          Bench bench = Bench.filled(1);
          FakeConnection held = bench.acquire();
          held.owners.incrementAndGet();
          together(() -> bench.discard(held), () -> bench.discard(held), () -> use(bench));
          requireIdle(bench, 1);
        });
  }

  @Test
  void aForcedCloseAndAReleaseEndAConnectionOnce() {
    explore(
        () -> {
          Bench bench = Bench.filled(1);
          FakeConnection held = bench.acquire();
          bench.engine.closings().shut();
          together(() -> bench.release(held), bench.engine.closings()::force);
          requireIdle(bench, 0);
        });
  }

  @Test
  void aDialThatEndsWhileThePoolClosesLeavesNothingBehind() {
    explore(
        () -> {
          Bench bench = new Bench(1);
          bench.holdsDials = true;
          Acquisition<FakeConnection> waiting = begun(bench);
          together(
              () -> {
                try {
                  bench.engine.release(waiting.await(), Use.CALL, 0);
                } catch (PoolClosedException e) {
                  require(bench.engine.closings().isShut(), "it is closed");
                }
              },
              bench.heldDial::run,
              bench.engine.closings()::shut);
          requireIdle(bench, 0);
        });
  }

  @Test
  void aLoweredMaximumHoldsWhateverIsClaimedMeanwhile() {
    explore(
        () -> {
          Bench bench = Bench.filled(2);
          together(() -> use(bench), () -> use(bench), () -> bench.shrinkToOne());
          requireIdle(bench, 1);
        });
  }

  @Test
  void halvesThatAreGivenBackWakeWhoeverNeedsBoth() {
    explore(
        () -> {
          Bench bench = Bench.filled(1);
          together(() -> use(bench), () -> send(bench), () -> receive(bench));
          requireIdle(bench, 1);
        });
  }

  private static void send(Bench bench) throws IOException {
    FakeConnection connection =
        bench.engine.acquire(
            Use.SEND_BESIDE_RECEIVER,
            PickOrder.LAST_USED,
            null,
            Engine.ANY,
            0,
            Bench.DEADLINE_NANOS);
    bench.engine.release(connection, Use.SEND_BESIDE_RECEIVER, 0);
  }

  private static void receive(Bench bench) {
    bench
        .engine
        .closings()
        .forEach(
            connection -> {
              if (connection.claimRead()) {
                bench.engine.dropRead(connection);
              }
            });
  }

  @Test
  void aConnectionDiscardedByOneOwnerIsNotClosedByTheOther() {
    explore(
        () -> {
          Bench bench = Bench.filled(1);
          FakeConnection held =
              bench.engine.tryAcquire(Use.SEND_BESIDE_RECEIVER, PickOrder.LAST_USED, null, 0);
          require(held.claimRead(), "the reading half is free");
          bench.engine.closings().evict(endpoint -> true);
          together(
              () -> bench.engine.release(held, Use.SEND_BESIDE_RECEIVER, 0),
              () -> bench.engine.discard(held, CloseReason.PEER_CLOSED));
          requireIdle(bench, 0);
        });
  }
}
