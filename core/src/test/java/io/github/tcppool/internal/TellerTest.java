package io.github.tcppool.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.github.tcppool.CloseReport;
import io.github.tcppool.Logged;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Telling listeners, one event after the other, by a worker. */
class TellerTest {

  private final Deque<Runnable> workers = new ArrayDeque<>();
  private final List<Long> told = new ArrayList<>();
  private final PoolListener remembers = event -> told.add(number(event));
  @RegisterExtension final Logged log = new Logged(Level.WARN);

  private static PoolEvent event(long number) {
    return new PoolEvent.PoolClosed(new CloseReport(Duration.ZERO, number, 0, 0));
  }

  private static long number(PoolEvent event) {
    return ((PoolEvent.PoolClosed) event).report().drained();
  }

  private Teller teller(PoolListener... listeners) {
    return new Teller("pool", List.of(listeners), workers::add);
  }

  private static void tell(Teller teller, PoolEvent event) {
    teller.lineUp(event);
    teller.go();
  }

  @Test
  void eventsAreToldInOrderByOneWorkerAtATime() {
    Teller teller = teller(remembers);
    for (long i = 0; i < 5; i++) {
      tell(teller, event(i));
    }
    assertThat(told).isEmpty();
    assertThat(workers).hasSize(1);
    teller.stop();
    workers.remove().run();
    assertThat(told).containsExactly(0L, 1L, 2L, 3L, 4L);
    tell(teller, event(5));
    workers.remove().run();
    assertThat(told).endsWith(4L, 5L);
  }

  @Test
  void withoutListenersThereIsNoWorker() {
    tell(teller(), event(1));
    assertThat(workers).isEmpty();
  }

  @Test
  void whatListenersFallBehindByIsBoundedAndTheLogSaysHowMuchTheyMissed() {
    Teller teller = teller(remembers);
    for (long i = 0; i < Teller.MOST_IN_LINE + 7; i++) {
      tell(teller, event(i));
    }
    teller.stop();
    workers.remove().run();
    assertThat(told).hasSize(Teller.MOST_IN_LINE).endsWith(Teller.MOST_IN_LINE - 1L);
    assertThat(log.all())
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEqualTo("pool: listeners are too slow: 7 events were dropped");
  }

  @Test
  void anInterruptOfOneListenerIsNotSeenByTheNext() {
    List<Boolean> flags = new ArrayList<>();
    Teller teller =
        teller(
            event -> Thread.currentThread().interrupt(),
            event -> flags.add(Thread.currentThread().isInterrupted()));
    tell(teller, event(1));
    tell(teller, event(2));
    teller.stop();
    workers.remove().run();
    assertThat(flags).containsExactly(false, false);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void whereNoThreadIsToBeHadTheNextEventTriesAgain() {
    List<Runnable> later = new ArrayList<>();
    boolean[] refusing = {true};
    Teller teller =
        new Teller(
            "pool",
            List.of(remembers),
            work -> {
              if (refusing[0]) {
                throw new RejectedExecutionException("no thread");
              }
              later.add(work);
            });
    tell(teller, event(1));
    refusing[0] = false;
    tell(teller, event(2));
    teller.stop();
    later.get(0).run();
    assertThat(told).containsExactly(1L, 2L);
  }

  @Test
  void settlingWaitsForTheWorkerButNotForOneThatIsStuck() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    Teller teller =
        new Teller(
            "pool",
            List.of(
                event -> {
                  begun.countDown();
                  awaitQuietly(release);
                  remembers.onEvent(event);
                }),
            work -> new Thread(work, "teller-test").start());
    tell(teller, event(1));
    begun.await();
    long start = System.nanoTime();
    teller.settle(TimeUnit.MILLISECONDS.toNanos(20));
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
    teller.stop();
    release.countDown();
    teller.settle(TimeUnit.SECONDS.toNanos(10));
    assertThat(told).containsExactly(1L);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
