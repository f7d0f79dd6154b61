package io.github.tcppool.balance;

import java.util.concurrent.ThreadLocalRandom;

/** Which candidates come into question: those that are usable, of one priority or of any. */
final class Usable {

  /** Whatever the priority. */
  static final int ANY = -1;

  /** No index. */
  static final int NONE = -1;

  private Usable() {}

  static boolean has(Candidates candidates, int priority, int index) {
    return candidates.isUsable(index)
        && (priority == ANY || candidates.endpoint(index).priority() == priority);
  }

  static int count(Candidates candidates, int priority) {
    int count = 0;
    for (int i = candidates.size() - 1; i >= 0; i--) {
      count += has(candidates, priority, i) ? 1 : 0;
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
  static int draw(Candidates candidates, int priority, int except) {
    int drawn = drawFromAll(candidates);
    if (drawn != except && has(candidates, priority, drawn)) {
      return drawn;
    }
    int size = candidates.size();
    int left = 0;
    for (int i = 0; i < size; i++) {
      left += i != except && has(candidates, priority, i) ? 1 : 0;
    }
    int rank = left == 0 ? 0 : ThreadLocalRandom.current().nextInt(left);
    int last = NONE;
    for (int i = 0; i < size; i++) {
      if (i != except && has(candidates, priority, i)) {
        last = i;
        if (rank-- == 0) {
          return i;
        }
      }
    }
    return last; // some have become unusable between the two walks
  }
}
