package io.github.tcppool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.Endpoint;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.RefreshReason;
import io.github.tcppool.discovery.Discovery;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When endpoints are looked for, and what becomes of what is found; the clock is the test's. */
class RefresherTest {

  private static final Endpoint A = Endpoint.of("a", 1);
  private static final Endpoint B = Endpoint.of("b", 2);
  private static final Endpoint C = Endpoint.of("c", 3);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Deque<Runnable> workers = new ArrayDeque<>();
  private final List<PoolEvent.EndpointsRefreshed> refreshes = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private List<Endpoint> there = List.of(A, B);
  private List<Endpoint> pool = List.of();
  private Exception failure;
  private Duration interval = MINUTE;
  private boolean noWorkers;
  private boolean closed;
  private long now = TimeUnit.HOURS.toNanos(1);
  private long next;
  private int looks;

  private final Discovery discovery =
      new Discovery() {
        @Override
        public Duration refresh(Sink sink) throws Exception {
          looks++;
          if (failure != null) {
            throw failure;
          }
          sink.push(there);
          return interval;
        }

        @Override
        public void close(Sink sink) {
          closed = true;
        }
      };

  private Refresher refresher = refresher(Duration.ZERO);

  private Refresher refresher(Duration grace) {
    return new Refresher(
        discovery,
        grace,
        (endpoints, reason) -> {
          pool = endpoints;
          told.add(reason.toString());
        },
        work -> {
          if (noWorkers) {
            throw new RejectedExecutionException("no worker");
          }
          workers.add(work);
        },
        () -> now,
        new Random(1),
        event -> refreshes.add((PoolEvent.EndpointsRefreshed) event));
  }

  /** Lets the timer and the workers run until there is nothing to do. */
  private void settle() {
    do {
      next = refresher.run(now);
      while (!workers.isEmpty()) {
        workers.poll().run();
        next = refresher.run(now);
      }
    } while (next <= now);
  }

  private void pass(Duration time) {
    now += time.toNanos();
    settle();
  }

  private Duration left() {
    return Duration.ofNanos(next - now);
  }

  @Test
  void looksAtOnceAndThenAfterTheTimeAskedForOrUpToATenthSooner() {
    settle();
    assertThat(pool).containsExactly(A, B);
    assertThat(left()).isBetween(Duration.ofSeconds(54), MINUTE);

    there = List.of(B, C);
    pass(MINUTE);

    assertThat(pool).containsExactly(B, C);
    assertThat(refreshes.get(0).reason()).isEqualTo(RefreshReason.START);
    assertThat(refreshes.get(0).found()).isEqualTo(2);
    assertThat(refreshes.get(1).reason()).isEqualTo(RefreshReason.INTERVAL);
    assertThat(told).containsExactly("START", "INTERVAL");
  }

  @Test
  void looksInAWorkerAndNeverTwiceAtATime() {
    next = refresher.run(now);
    assertThat(looks).isZero();
    assertThat(workers).hasSize(1);

    now += MINUTE.multipliedBy(60).toNanos();
    refresher.connectFailed();
    refresher.run(now);

    assertThat(workers).hasSize(1);
  }

  @Test
  void afterAFailureThePoolKeepsWhatItHasAndTriesAgainSoonThenLessOften() {
    settle();
    failure = new IOException("no answer");

    pass(MINUTE);
    assertThat(pool).containsExactly(A, B);
    assertThat(left()).isBetween(Duration.ofMillis(400), Duration.ofMillis(500));
    for (int i = 0; i < 10; i++) {
      pass(left());
    }
    assertThat(left()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(5));
    assertThat(refresher.figures().lastFailure()).isEqualTo("java.io.IOException: no answer");

    failure = null;
    there = List.of(C);
    pass(left());
    assertThat(pool).containsExactly(C);
    assertThat(refresher.figures().lastFailure()).isNull();
    assertThat(refresher.figures().failed()).isEqualTo(11);
    assertThat(refresher.figures().refreshes()).isEqualTo(13);
    assertThat(refreshes.get(12).reason()).isEqualTo(RefreshReason.RETRY);
  }

  @Test
  void anEmptyAnswerIsAFailure() {
    settle();
    there = List.of();

    pass(MINUTE);

    assertThat(pool).containsExactly(A, B);
    assertThat(refresher.figures().lastFailure()).contains("found no endpoint");
    assertThat(left()).isLessThanOrEqualTo(Duration.ofMillis(500));
  }

  @Test
  void anAnswerWithoutATimeIsAFailureThatIsHeardAllTheSame() {
    interval = null;
    settle();

    assertThat(pool).containsExactly(A, B);
    assertThat(refresher.figures().lastFailure()).contains("returned no time");
  }

  @Test
  void aFailureThatCannotTellWhatItIsHarmsNothing() {
    failure =
        new Exception() {
          private static final long serialVersionUID = 1L;

          @Override
          public String getMessage() {
            throw new IllegalStateException();
          }
        };
    settle();

    assertThat(refresher.figures().failed()).isEqualTo(1);
    assertThat(next).isGreaterThan(now);
  }

  @Test
  void withoutAWorkerItTriesAgain() {
    noWorkers = true;
    next = refresher.run(now);
    assertThat(refresher.figures().failed()).isEqualTo(1);

    noWorkers = false;
    pass(Duration.ofSeconds(1));

    assertThat(pool).containsExactly(A, B);
  }

  @Test
  void aShortIntervalIsTakenForATenthOfASecondAndAnEndlessOneForYears() {
    interval = Duration.ofNanos(-1);
    settle();
    assertThat(left()).isBetween(Duration.ofMillis(90), Duration.ofMillis(100));

    interval = Duration.ofSeconds(Long.MAX_VALUE);
    pass(Duration.ofMillis(100));
    assertThat(left()).isGreaterThan(Duration.ofDays(3650));
  }

  // ---- asked by failing connections ----

  @Test
  void aConnectFailureAsksForALookAtMostEveryFiveSeconds() {
    settle();
    pass(Duration.ofSeconds(6));

    refresher.connectFailed();
    settle();
    assertThat(looks).isEqualTo(2);
    assertThat(refreshes.get(1).reason()).isEqualTo(RefreshReason.CONNECT_FAILED);

    refresher.connectFailed();
    refresher.connectFailed();
    settle();
    assertThat(looks).isEqualTo(2);
    assertThat(left()).isEqualTo(Duration.ofSeconds(5));
    pass(Duration.ofSeconds(5));
    assertThat(looks).isEqualTo(3);
  }

  @Test
  void aConnectFailureNeverDelaysALook() {
    interval = Duration.ofSeconds(1);
    settle();

    refresher.connectFailed();
    settle();

    assertThat(left()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  // ---- pushed ----

  @Test
  void whatIsPushedByTheWayIsTakenToo() {
    settle();

    refresher.push(List.of(C));
    settle();

    assertThat(pool).containsExactly(C);
    assertThat(told).containsExactly("START", "PUSHED");
    refresher.push(List.of());
    settle();
    assertThat(pool).as("empty is no news").containsExactly(C);
  }

  @Test
  void ofWhatIsPushedQuicklyTheLastCounts() {
    settle();

    refresher.push(List.of(A));
    refresher.push(List.of(B));
    settle();

    assertThat(pool).containsExactly(B);
  }

  @Test
  void moreThanTenThousandAreRefused() {
    assertThatThrownBy(() -> refresher.push(Collections.nCopies(10_001, A)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("endpoints must be at most 10,000, but were 10001");
  }

  // ---- grace ----

  @Test
  void whoIsMissingIsKeptForTheGraceTime() {
    refresher = refresher(Duration.ofSeconds(10));
    settle();

    refresher.push(List.of(B, C));
    settle();
    assertThat(pool).containsExactlyInAnyOrder(A, B, C);
    assertThat(left()).isEqualTo(Duration.ofSeconds(10));

    pass(Duration.ofSeconds(10));
    assertThat(pool).containsExactly(B, C);
    assertThat(told).containsExactly("START", "PUSHED", "GRACE_OVER");
  }

  @Test
  void whoComesBackWithinTheGraceTimeHasNeverLeft() {
    refresher = refresher(Duration.ofSeconds(10));
    settle();
    refresher.push(List.of(B));
    settle();
    pass(Duration.ofSeconds(9));

    refresher.push(List.of(A, B));
    settle();
    pass(Duration.ofSeconds(9));
    refresher.push(List.of(B));
    settle();
    pass(Duration.ofSeconds(9));

    assertThat(pool).containsExactlyInAnyOrder(A, B);
    pass(Duration.ofSeconds(1));
    assertThat(pool).containsExactly(B);
  }

  // ---- the end ----

  @Test
  void afterTheEndNothingIsLookedForOrHandedOn() {
    settle();
    next = refresher.run(now + MINUTE.toNanos());
    refresher.push(List.of(C));

    refresher.end();
    refresher.end();
    refresher.push(List.of(C));
    refresher.connectFailed();
    while (!workers.isEmpty()) {
      workers.poll().run();
    }

    assertThat(refresher.run(now + MINUTE.toNanos())).isEqualTo(Long.MAX_VALUE);
    assertThat(closed).isTrue();
    assertThat(pool).containsExactly(A, B);
  }
}
