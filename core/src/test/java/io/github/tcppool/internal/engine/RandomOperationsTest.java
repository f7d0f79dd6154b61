package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.EndpointHealth;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Does anything in any order and looks at the books after every operation, on one thread and an
 * injected clock, so that a million operations take seconds.
 *
 * <p>A failure names its seed; {@code -Dtcppool.seed=...} does exactly the same again.
 */
class RandomOperationsTest {

  private static final int OPERATIONS = Integer.getInteger("tcppool.operations", 1_000_000);
  private static final int LONGEST_LIFE = 20_000;

  @Test
  void theBooksAreRightAfterEveryOneOfAMillionOperations() {
    assertThat(run(20_261_123L, OPERATIONS))
        .as("what became of endpoints")
        .containsExactlyInAnyOrder(EndpointHealth.values());
  }

  @Test
  void theBooksAreRightAfterEveryOperationThatNobodyHasSeenBefore() {
    run(seed(), OPERATIONS / 4);
  }

  @Test
  @Tag("slow")
  void theBooksAreRightAfterEveryOneOfThirtyMillionOperations() {
    run(seed(), 30 * OPERATIONS);
  }

  private static long seed() {
    return Long.getLong("tcppool.seed", System.nanoTime());
  }

  /** Returns the states of health that were met. */
  private static Set<EndpointHealth> run(long seed, int operations) {
    Set<EndpointHealth> states = EnumSet.noneOf(EndpointHealth.class);
    System.out.println("tcppool.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int left = operations; left > 0; ) {
      int life = Math.min(left, 1 + random.nextInt(LONGEST_LIFE));
      left -= life;
      RandomRun run = new RandomRun(random.split());
      try {
        run.live(life);
      } catch (Throwable t) {
        throw new AssertionError(
            "tcppool.seed="
                + seed
                + ", "
                + (operations - left)
                + " operations; the last were "
                + String.join("; ", run.last),
            t);
      }
      states.addAll(run.states);
    }
    return states;
  }
}
