package io.github.tcppool.internal.engine;

import io.github.tcppool.PickOrder;
import org.jspecify.annotations.Nullable;

/** Takes idle connections without a lock, as long as nobody waits in line for one. */
final class Claims {

  private final Ledger ledger;

  Claims(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * An idle connection, or null; nobody is overtaken.
   *
   * @param bound whether it must be of this lane
   * @param avoided the lane from which it must not be, or null
   */
  @Nullable Pooled any(Lane lane, boolean bound, @Nullable Lane avoided, Use use, PickOrder order) {
    if (ledger.waiting() != 0) {
      return null;
    }
    Pooled connection = lane.claim(use.isFull(), order);
    return connection != null || bound
        ? connection
        : ledger.book().claimBeside(lane, avoided, use.isFull(), order);
  }

  /**
   * Claims once more, after those had a processor who hold the connections and wait for one.
   * Without it the line, once it has formed among more threads than there are connections, never
   * empties again, and every call costs two switches of threads (decision 26).
   */
  @SuppressWarnings("ThreadPriorityCheck") // a hint; nothing depends on whether it is followed
  @Nullable Pooled afterOthersRan(Lane lane, boolean bound, Use use, PickOrder order) {
    Thread.yield();
    return any(lane, bound, null, use, order);
  }
}
