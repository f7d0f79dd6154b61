package io.github.tcppool.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * Where claims in the order of leases begin to look: at the connection that was released last, so
 * that few connections do the work and the others fall quiet.
 *
 * <p>Callers who lease at full speed from several threads would all meet at that one connection,
 * and at the word that names it: a second processor would make them slower. So as long as many
 * claims miss, each thread begins at the connection that it released itself. Threads that never
 * touch the same word do not slow each other down. Housekeeping ends this, and looks anew.
 *
 * <p>Everything here is a hint, read and written without order: a wrong one costs a longer search.
 */
final class LastUsed {

  /** So many misses between two sweeps show that callers are in each other's way. */
  private static final int MANY_MISSES = 10_000;

  /** Threads beyond this share their hints. A power of two. */
  private static final int STRIPES = 16;

  /** So many ints fill what processors share, or keep from each other, as a whole. */
  private static final int APART = 32;

  private int last;
  private int misses;

  /** A hint for each stripe; null while one is enough. */
  private volatile int @Nullable [] spread;

  /** The slot to begin at. It may lie beyond the array. */
  int slot() {
    int[] mine = spread;
    return mine == null ? last : mine[stripe()];
  }

  private static int stripe() {
    return ((int) Thread.currentThread().getId() & (STRIPES - 1)) * APART;
  }

  /** The connection at that slot was not free. */
  void missed() {
    if (spread == null && ++misses > MANY_MISSES) {
      int[] fresh = new int[STRIPES * APART];
      for (int i = 0; i < STRIPES; i++) {
        fresh[i * APART] = i;
      }
      spread = fresh;
    }
  }

  void released(int slot) {
    int[] mine = spread;
    if (mine == null) {
      if (last != slot) {
        last = slot;
      }
      return;
    }
    int at = stripe();
    if (mine[at] != slot) {
      mine[at] = slot;
    }
  }

  /** One hint for all again, until callers get into each other's way again. */
  void gather() {
    misses = 0;
    if (spread != null) {
      spread = null;
    }
  }
}
