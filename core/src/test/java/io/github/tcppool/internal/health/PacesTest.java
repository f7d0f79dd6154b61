package io.github.tcppool.internal.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PacesTest {

  private static final long SECOND = 1_000_000_000L;

  private final Random random = new Random(1);

  // ---- slow start ----

  @Test
  void aShareGrowsFromATenthToAllByTheCubeRoot() {
    assertThat(Ramp.share(0, 10 * SECOND)).isEqualTo(0.1);
    assertThat(Ramp.share(-5, 10 * SECOND)).isEqualTo(0.1);
    assertThat(Ramp.share(SECOND, 10 * SECOND)).isCloseTo(0.464, within(0.001));
    assertThat(Ramp.share(5 * SECOND, 10 * SECOND)).isCloseTo(0.794, within(0.001));
    assertThat(Ramp.share(10 * SECOND, 10 * SECOND)).isEqualTo(1);
    assertThat(Ramp.share(0, 0)).isEqualTo(1);
  }

  @Test
  void connectionsGrowWithTheShareAndAreNeverLessThanOne() {
    assertThat(Ramp.connections(0.1, 10)).isEqualTo(1);
    assertThat(Ramp.connections(0.11, 10)).isEqualTo(2);
    assertThat(Ramp.connections(0, 10)).isEqualTo(1);
    assertThat(Ramp.connections(1, 10)).isEqualTo(10);
  }

  // ---- ejections ----

  @Test
  void anEjectionLastsLongerEachTimeUpToTenTimesWithUpToATenthMore() {
    for (int times : new int[] {1, 2, 5, 10}) {
      long base = 30 * SECOND * times;
      for (int i = 0; i < 100; i++) {
        assertThat(Ejections.nanos(30 * SECOND, times, random)).isBetween(base, base + base / 10);
      }
    }
    assertThat(Ejections.nanos(30 * SECOND, 99, random)).isLessThanOrEqualTo(330 * SECOND);
  }

  @Test
  void theLongestEjectionThereCanBeIsStillAnEjection() {
    for (int times = 1; times < 20; times++) {
      assertThat(Ejections.nanos(Long.MAX_VALUE / 2, times, random)).isPositive();
    }
  }

  @Test
  void timeInTheOpenIsForgiven() {
    assertThat(Ejections.next(0, 0, 30 * SECOND)).isEqualTo(1);
    assertThat(Ejections.next(3, 0, 30 * SECOND)).isEqualTo(4);
    assertThat(Ejections.next(3, 60 * SECOND, 30 * SECOND)).isEqualTo(2);
    assertThat(Ejections.next(3, 3600 * SECOND, 30 * SECOND)).isEqualTo(1);
    assertThat(Ejections.next(1_000_000, 60 * SECOND, 30 * SECOND)).isEqualTo(9);
  }

  @Test
  void aTenthMayBeEjectedAndAlwaysOneButNotTheOnlyOne() {
    assertThat(Ejections.mayEject(0, 1)).isFalse();
    assertThat(Ejections.mayEject(0, 2)).isTrue();
    assertThat(Ejections.mayEject(1, 19)).isFalse();
    assertThat(Ejections.mayEject(1, 20)).isTrue();
  }

  @Test
  void panicIsLessThanHalf() {
    assertThat(Ejections.isPanic(1, 2)).isFalse();
    assertThat(Ejections.isPanic(1, 3)).isTrue();
    assertThat(Ejections.isPanic(0, 1)).isTrue();
  }

  // ---- probes ----

  @Test
  void probesDoubleUpToTheCapAndHalfOfItIsRandom() {
    for (int failures : new int[] {1, 2, 3, 9, 10, Integer.MAX_VALUE}) {
      long ceiling = (long) Math.min(30 * SECOND, SECOND / 10 * Math.pow(2, failures - 1));
      long least = Long.MAX_VALUE;
      long most = 0;
      for (int i = 0; i < 1000; i++) {
        long nanos = ProbePace.nanos(SECOND / 10, 30 * SECOND, failures, random);
        least = Math.min(least, nanos);
        most = Math.max(most, nanos);
      }
      assertThat(least).isBetween(ceiling / 2, ceiling * 53 / 100);
      assertThat(most).isBetween(ceiling * 97 / 100, ceiling);
    }
  }

  /**
   * A thousand pools lose one server in the same moment. Two hundred such moments are played, so
   * that it is the pace that is judged and not chance: alone, a bucket has four or five of them.
   */
  @Test
  void aThousandPoolsThatLoseAServerTogetherDoNotMeetAtIt() {
    int moments = 200;
    int bucketMillis = 100;
    int from = 300_000 / bucketMillis; // all are at the cap by then
    int[] height = new int[600_000 / bucketMillis];
    for (int pool = 0; pool < moments * 1000; pool++) {
      long now = 0;
      for (int failures = 1; now < 600 * SECOND; failures++) {
        height[(int) (now / 1_000_000 / bucketMillis)]++;
        now += ProbePace.nanos(SECOND / 10, 30 * SECOND, failures, random);
      }
    }
    double expected = moments * 1000 * (bucketMillis / 22_500.0); // one in 22.5 s on average
    for (int i = from; i < height.length; i++) {
      assertThat(height[i]).as("attempts in bucket %d", i).isLessThan((int) (1.5 * expected));
    }
  }
}
