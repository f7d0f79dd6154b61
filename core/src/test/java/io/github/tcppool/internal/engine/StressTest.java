package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.HealthCheck;
import io.github.tcppool.Heartbeat;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.RefreshReason;
import io.github.tcppool.balance.Balancer;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine under real threads, which park and wake as in production. */
@Timeout(30)
class StressTest {

  private static final long RUN_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final List<Endpoint> endpoints = List.of(Endpoint.of("a", 1), Endpoint.of("b", 2));
  private final AtomicLong opened = new AtomicLong();
  private final AtomicLong closed = new AtomicLong();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile int refuseOneIn = Integer.MAX_VALUE;

  @AfterEach
  void stop() {
    workers.shutdownNow();
  }

  private final Transport<FakeConnection> net =
      new Transport<>() {
        @Override
        public FakeConnection dial(Endpoint endpoint, PoolOptions options) throws IOException {
          if (ThreadLocalRandom.current().nextInt(refuseOneIn) == 0) {
            throw new ConnectException("refused");
          }
          opened.incrementAndGet();
          return new FakeConnection(endpoint);
        }

        @Override
        public void check(Endpoint endpoint, PoolOptions options, HealthCheck check) {
          // all are well
        }

        @Override
        public void ask(FakeConnection connection, Heartbeat heartbeat) {
          // all answer
        }

        @Override
        public void cancelDials() {}

        @Override
        public void close(FakeConnection connection, CloseReason reason, Runnable done) {
          closed.incrementAndGet();
          workers.execute(done);
        }

        @Override
        public void sever(FakeConnection connection) {}
      };

  private Engine<FakeConnection> engine(int endpointCount, int max) {
    return new Engine<>(
        "stress",
        endpoints.subList(0, endpointCount),
        Balancer.roundRobin(),
        PoolOptions.defaults().toBuilder()
            .connections(0, max)
            .maxIdle(Duration.ZERO)
            .maxLifetime(Duration.ZERO)
            .build(),
        net,
        workers,
        System::nanoTime,
        new SplittableRandom(),
        Parker::ofCurrentThread,
        (PoolEvent event) -> {});
  }

  private interface Step {
    void run(ThreadLocalRandom random) throws IOException;
  }

  /** Runs the step on many threads for a while; no single call may wait for long. */
  private void hammer(int threads, Step step) throws InterruptedException {
    List<Thread> all = new ArrayList<>();
    long end = System.nanoTime() + RUN_NANOS;
    for (int i = 0; i < threads; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (System.nanoTime() - end < 0 && failures.isEmpty()) {
                    step.run(ThreadLocalRandom.current());
                  }
                } catch (Throwable t) {
                  failures.add(t);
                }
              });
      thread.start();
      all.add(thread);
    }
    for (Thread thread : all) {
      thread.join(TimeUnit.SECONDS.toMillis(25));
      assertThat(thread.isAlive()).as("a thread that was never woken").isFalse();
    }
    assertThat(failures).isEmpty();
  }

  private static void use(FakeConnection connection) {
    assertThat(connection.owners.incrementAndGet()).as("owners").isEqualTo(1);
    assertThat(connection.isMarkedClosed()).as("leased and closed").isFalse();
    connection.owners.decrementAndGet();
  }

  private static FakeConnection acquire(Engine<FakeConnection> engine, PickOrder order)
      throws IOException {
    long now = System.nanoTime();
    return engine.acquire(Use.CALL, order, null, Engine.ANY, now, now + DEADLINE_NANOS);
  }

  @Test
  void noWakeUpIsLostAndNoConnectionHasTwoOwners() throws InterruptedException {
    Engine<FakeConnection> engine = engine(1, 2);
    hammer(
        8,
        random -> {
          FakeConnection connection =
              acquire(engine, random.nextBoolean() ? PickOrder.ROTATE : PickOrder.LAST_USED);
          use(connection);
          engine.release(connection, Use.CALL, System.nanoTime());
        });
    assertNoneIsLost(engine);
    assertThat(opened).hasValueLessThanOrEqualTo(2);
  }

  @Test
  void discardsEvictionsAndFailedDialsLoseNoWakeUpEither() throws InterruptedException {
    Engine<FakeConnection> engine = engine(2, 2);
    Timer timer = new Timer("stress-timer", engine.upkeep()::run, System::nanoTime);
    engine.upkeep().onChange(timer::ring);
    refuseOneIn = 20;
    hammer(
        8,
        random -> {
          FakeConnection connection = acquire(engine, PickOrder.ROTATE);
          use(connection);
          int dice = random.nextInt(200);
          if (dice == 0) {
            engine.discard(connection, CloseReason.DISCARDED);
          } else {
            connection.bytesRead = 1;
            engine.release(connection, Use.CALL, System.nanoTime());
          }
          if (dice == 1) {
            engine.closings().evict(endpoint -> random.nextBoolean());
          }
        });
    timer.stop();
    assertThat(engine.closings().timeouts()).isZero();
    assertReconciled(engine);
  }

  @Test
  void timeoutsAndInterruptsLoseNoConnection() throws InterruptedException {
    Engine<FakeConnection> engine = engine(1, 2);
    hammer(
        8,
        random -> {
          long now = System.nanoTime();
          if (random.nextInt(50) == 0) {
            Thread.currentThread().interrupt();
          }
          try {
            long deadline = now + random.nextInt(20_000);
            FakeConnection connection =
                engine.acquire(Use.CALL, PickOrder.ROTATE, null, Engine.ANY, now, deadline);
            use(connection);
            engine.release(connection, Use.CALL, now);
          } catch (CallTimeoutException | CallInterruptedException expected) {
            assertThat(expected).hasMessageStartingWith("stress: ");
          } finally {
            Thread.interrupted();
          }
        });
    assertNoneIsLost(engine);
    assertThat(engine.closings().waiting()).isZero();
  }

  @Test
  void sendersAndAReceiverShareConnectionsWithoutLosingAWakeUp() throws InterruptedException {
    Engine<FakeConnection> engine = engine(1, 2);
    hammer(
        8,
        random -> {
          if (random.nextInt(4) == 0) {
            engine
                .closings()
                .forEach(
                    connection -> {
                      if (connection.claimRead()) {
                        engine.dropRead(connection);
                      }
                    });
            return;
          }
          Use use = random.nextInt(3) == 0 ? Use.CALL : Use.SEND_BESIDE_RECEIVER;
          long now = System.nanoTime();
          FakeConnection connection =
              engine.acquire(use, PickOrder.ROTATE, null, Engine.ANY, now, now + DEADLINE_NANOS);
          use(connection);
          engine.release(connection, use, now);
        });
    assertNoneIsLost(engine);
  }

  @Test
  void endpointsThatComeAndGoLeaveNobodyWaitingAndNothingOpen() throws InterruptedException {
    Engine<FakeConnection> engine = engine(2, 2);
    hammer(
        8,
        random -> {
          if (random.nextInt(100) == 0) {
            Membership<FakeConnection> members = engine.membership();
            int some = random.nextInt(3);
            members.change(endpoints.subList(some / 2, some), RefreshReason.PUSHED);
            if (some == 0) { // else all might wait for ever
              members.change(endpoints, RefreshReason.PUSHED);
            }
          }
          FakeConnection connection = acquire(engine, PickOrder.ROTATE);
          use(connection);
          engine.release(connection, Use.CALL, System.nanoTime());
        });
    assertThat(engine.closings().waiting()).isZero();
    assertReconciled(engine);
    Membership.Figures figures = engine.membership().figures();
    assertThat(figures.leaving()).isEmpty();
    assertThat(figures.left()).isPositive();
    assertThat(
            figures.departed().opened()
                + engine.closings().endpoints().stream().mapToLong(e -> e.opened()).sum())
        .isEqualTo(opened.get());
  }

  @Test
  void closingAmidUseEndsEveryCallAndEveryConnection() throws InterruptedException {
    for (int round = 0; round < 20; round++) {
      Engine<FakeConnection> engine = engine(2, 2);
      List<Thread> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Thread thread = new Thread(() -> callUntilClosed(engine));
        thread.start();
        all.add(thread);
      }
      long until = System.nanoTime() + ThreadLocalRandom.current().nextLong(3_000_000);
      while (System.nanoTime() - until < 0) {
        Thread.onSpinWait();
      }
      engine.closings().shut();
      for (Thread thread : all) {
        thread.join(10_000);
        assertThat(thread.isAlive()).as("a call that never ended").isFalse();
      }
      assertThat(failures).isEmpty();
      assertThat(engine.closings().awaitEmpty(TimeUnit.SECONDS.toNanos(5))).isTrue();
    }
    assertThat(closed.get()).isEqualTo(opened.get());
  }

  private void callUntilClosed(Engine<FakeConnection> engine) {
    try {
      while (true) {
        FakeConnection connection = acquire(engine, PickOrder.LAST_USED);
        use(connection);
        engine.release(connection, Use.CALL, System.nanoTime());
      }
    } catch (PoolClosedException expected) {
      // as it should be
    } catch (Throwable t) {
      failures.add(t);
    }
  }

  private void assertReconciled(Engine<FakeConnection> engine) throws InterruptedException {
    engine.closings().shut();
    assertThat(engine.closings().awaitEmpty(TimeUnit.SECONDS.toNanos(5))).isTrue();
    assertThat(closed.get()).isEqualTo(opened.get());
  }

  /** All that were made are idle; whether a second one was ever needed is up to the scheduler. */
  private static void assertNoneIsLost(Engine<FakeConnection> engine) {
    EndpointSnapshot end = engine.closings().endpoints().get(0);
    assertThat(end.leased()).isZero();
    assertThat(end.idle()).isBetween(1, 2).isEqualTo((int) (end.opened() - end.closed()));
  }
}
