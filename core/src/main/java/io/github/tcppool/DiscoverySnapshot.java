package io.github.tcppool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a pool's looking for its endpoints. A pool over a fixed list never looks.
 *
 * @param source what is asked, as it calls itself
 * @param refreshes look-ups that have ended
 * @param failed those of them that failed or found nothing, after which the pool kept what it had
 * @param lastReason why the latest of them was made, or null if there was none
 * @param lastFailure why the latest of them failed, or null if it did not
 * @param joined endpoints that came after the pool was made
 * @param left endpoints that left
 * @param leaving endpoints that left and have connections that are not closed yet
 * @param departed what those had done of which nothing is left
 */
public record DiscoverySnapshot(
    String source,
    long refreshes,
    long failed,
    @Nullable RefreshReason lastReason,
    @Nullable String lastFailure,
    long joined,
    long left,
    List<EndpointSnapshot> leaving,
    DepartedTotals departed) {

  /** Copies the list. */
  public DiscoverySnapshot {
    leaving = List.copyOf(leaving);
  }
}
