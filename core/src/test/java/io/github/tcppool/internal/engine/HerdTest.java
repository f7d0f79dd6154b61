package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tcppool.HealthPolicy;
import io.github.tcppool.PoolOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What many pools do to their servers when they all lose one of them, or all, in the same moment.
 *
 * <p>The height of a bucket is a matter of chance: with 67 attempts expected in each of several
 * hundred, the highest has some 90. So there must be enough of them for chance not to reach half as
 * much again, 100.
 */
class HerdTest {

  private static final int POOLS = 1_000;
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long BUCKET = SECOND / 10;

  private static PoolOptions options(Duration longestProbe) {
    return PoolOptions.defaults().toBuilder()
        .connections(1, 10)
        .health(HealthPolicy.defaults().probes(Duration.ofMillis(100), longestProbe))
        .build();
  }

  private static PoolOptions options() {
    return options(HealthPolicy.defaults().probeMax());
  }

  /** How often a server was dialed since a moment, in each tenth of a second. */
  private static int[] buckets(List<Long> connects, long from, long to) {
    int[] buckets = new int[(int) ((to - from) / BUCKET)];
    for (long at : connects) {
      if (at >= from && at < from + buckets.length * BUCKET) {
        buckets[(int) ((at - from) / BUCKET)]++;
      }
    }
    return buckets;
  }

  private static void assertSpread(int[] buckets, double expected) {
    assertThat(Arrays.stream(buckets).average().orElse(0))
        .isBetween(0.95 * expected, 1.05 * expected);
    assertThat(Arrays.stream(buckets).max().orElse(0)).isLessThanOrEqualTo((int) (1.5 * expected));
  }

  // ---- one of three ----

  @Test
  void probesOfAServerThatAllPoolsLoseAtOnceSpread() {
    assertProbesSpread(POOLS, Duration.ofSeconds(2));
  }

  /** At the cap of 30 s a thousand pools make four attempts in a tenth of a second. */
  @Test
  @Tag("slow")
  void probesAtTheDefaultPaceSpreadToo() {
    assertProbesSpread(15 * POOLS, HealthPolicy.defaults().probeMax());
  }

  /** From the fourth wait at the cap on: the first ones still remember the moment. */
  private static void assertProbesSpread(int pools, Duration cap) {
    Herd herd = new Herd(pools, 3, options(cap), 5 * SECOND);
    herd.run(6 * SECOND);
    herd.becomes(0, Herd.State.REFUSES);
    herd.run(6 * cap.toNanos());
    long from = herd.now();
    herd.run(6 * cap.toNanos());

    double expected = pools * (double) BUCKET / (0.75 * cap.toNanos());
    assertSpread(buckets(herd.connects.get(0), from, herd.now()), expected);
    assertThat(herd.failedCalls).isZero();
  }

  // ---- all of them ----

  /** Callers wait all the time, so the short backoff is in force: 225 ms on the average. */
  @Test
  void dialsForCallersWhoWaitSpreadWithinSeconds() {
    int pools = 300;
    Herd herd = new Herd(pools, 1, options(), SECOND);
    herd.run(2 * SECOND);
    herd.becomes(0, Herd.State.REFUSES);
    herd.run(4 * SECOND);
    long from = herd.now();
    herd.run(4 * SECOND);

    assertSpread(buckets(herd.connects.get(0), from, herd.now()), pools / 2.26);
  }

  @Test
  void aTotalOutageMultipliesConnectsAndCallsByAFifthAndTenPerSecondAtMost() {
    int pools = 30;
    Herd herd = new Herd(pools, 3, options(), SECOND / 20);
    herd.run(2 * SECOND);
    double usual = attemptsInASecond(herd) / (double) pools;
    assertThat(usual).isCloseTo(20, within(1.0));
    for (int i = 0; i < 3; i++) {
      herd.becomes(i, Herd.State.REFUSES);
    }
    for (int second = 0; second < 4; second++) {
      assertThat(attemptsInASecond(herd) / (double) pools)
          .as("connects and calls in second %d", second)
          .isLessThan(1.2 * usual + 10);
    }
  }

  private static long attemptsInASecond(Herd herd) {
    long before = herd.connects() + herd.requests;
    herd.run(SECOND);
    return herd.connects() + herd.requests - before;
  }

  /** A connection that is reset by its first request paces the next dial as a failed one does. */
  @Test
  void serversThatResetEveryRequestSeeNoMoreThanThoseThatRefuse() {
    int pools = 20;
    Herd herd = new Herd(pools, 3, options(), SECOND / 20);
    herd.run(2 * SECOND);
    for (int i = 0; i < 3; i++) {
      herd.becomes(i, Herd.State.RESETS);
    }
    double first = attemptsInASecond(herd) / (double) pools;
    assertThat(first).as("while three servers are looked at after 10, 20, 40 ms").isLessThan(60);
    double four = first;
    for (int second = 1; second < 8; second++) {
      double attempts = attemptsInASecond(herd) / (double) pools;
      assertThat(attempts)
          .as("connects and requests in second %d", second)
          .isBetween(20.0, 1.2 * 20 + 10);
      four += second < 4 ? attempts : 0;
    }
    assertThat(four / 4).as("in each of the first four seconds").isLessThan(1.2 * 20 + 10.5);
  }
}
