package io.github.tcppool.balance;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Which candidates come into question for one pick: those that are usable, of one priority or of
 * any.
 *
 * <p>Each is asked once per pick, as one that warms up says yes to a share of the questions only.
 * The answers of the first 64 are kept in the bits of a number, so that nothing is allocated; those
 * beyond are asked anew.
 */
final class Usable {

  /** Whatever the priority. */
  static final int ANY = -1;

  /** No index. */
  static final int NONE = -1;

  private Usable() {}

  /** Asks all candidates. */
  static long of(Candidates candidates) {
    long usable = 0;
    for (int i = Math.min(candidates.size(), Long.SIZE) - 1; i >= 0; i--) {
      usable |= candidates.isUsable(i) ? 1L << i : 0;
    }
    return usable;
  }

  /** Whether a candidate has said yes. */
  static boolean has(Candidates candidates, long usable, int index) {
    return index < Long.SIZE ? ((usable >>> index) & 1) != 0 : candidates.isUsable(index);
  }

  static boolean has(Candidates candidates, long usable, int priority, int index) {
    return has(candidates, usable, index)
        && (priority == ANY || candidates.endpoint(index).priority() == priority);
  }

  /** How many there are; not counted any further than {@code enough}. */
  static int count(Candidates candidates, long usable, int priority, int enough) {
    int count = 0;
    for (int i = 0; i < candidates.size() && count < enough; i++) {
      count += has(candidates, usable, priority, i) ? 1 : 0;
    }
    return count;
  }

  /** Any of all, usable or not. */
  static int drawFromAll(Candidates candidates) {
    return ThreadLocalRandom.current().nextInt(candidates.size());
  }

  /**
   * One of those that come into question, each with the same probability; {@link #NONE} if there is
   * none. Where the first draw hits one that does not, it draws again among the others only, so
   * that no neighbour inherits the share of a dead endpoint.
   *
   * @param except an index that is not wanted, or {@link #NONE}
   */
  static int draw(Candidates candidates, long usable, int priority, int except) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int size = candidates.size();
    int drawn = random.nextInt(size);
    if (drawn != except && has(candidates, usable, priority, drawn)) {
      return drawn;
    }
    int seen = 0;
    int kept = NONE;
    for (int i = 0; i < size; i++) {
      boolean fits = i != drawn && i != except && has(candidates, usable, priority, i);
      if (fits && random.nextInt(++seen) == 0) {
        kept = i;
      }
    }
    return kept;
  }
}
