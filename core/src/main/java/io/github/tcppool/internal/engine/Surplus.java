package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolOptions;
import org.jspecify.annotations.Nullable;

/**
 * Which connections have to go so that the numbers stay within the options, and so that the total
 * keeps nobody from an endpoint while other endpoints hold idle ones. All of it is done under the
 * ledger's lock.
 */
final class Surplus {

  private final Ledger ledger;
  private final Closings<?> closings;

  Surplus(Ledger ledger, Closings<?> closings) {
    this.ledger = ledger;
    this.closings = closings;
  }

  /** Retires what is above the maximum of a lane or of the pool. */
  void shrink(Effects after) {
    PoolOptions options = ledger.options();
    for (Lane lane : ledger.lanes()) {
      shrink(lane, staying(lane) - options.maxConnections(), after);
    }
    shrinkTotal(options.maxTotalConnections(), after);
  }

  private static int staying(Lane lane) {
    int staying = 0;
    for (Pooled connection : lane.connections()) {
      staying += connection.isRetiring() ? 0 : 1;
    }
    return staying;
  }

  /** One by one, each where there are the most. */
  private void shrinkTotal(int most, Effects after) {
    int surplus = -most;
    for (Lane lane : ledger.lanes()) {
      surplus += staying(lane);
    }
    for (; surplus > 0; surplus--) {
      Lane fullest = ledger.lanes()[0];
      for (Lane lane : ledger.lanes()) {
        fullest = staying(lane) > staying(fullest) ? lane : fullest;
      }
      shrink(fullest, 1, after);
    }
  }

  /** Idle ones first, so that as few callers as possible are concerned. */
  private void shrink(Lane lane, int surplus, Effects after) {
    int left = surplus;
    for (int round = 0; round < 2 && left > 0; round++) {
      Pooled[] connections = lane.connections();
      for (int i = connections.length - 1; i >= 0 && left > 0; i--) {
        Pooled connection = connections[i];
        if (!connection.isRetiring() && (round == 1 || connection.isIdle())) {
          closings.retireLocked(connection, CloseReason.SHRUNK, after);
          left--;
        }
      }
    }
  }

  /**
   * Ends idle connections of other lanes, so that this one may have places of the total; fewer if
   * some are on their way out anyhow.
   */
  void makeRoom(Lane wanting, int places, Effects after) {
    int missing = places - ledger.book().closing();
    for (; missing > 0; missing--) {
      Pooled idle = claimSurplus(wanting);
      if (idle == null || !idle.markClosed()) {
        return;
      }
      closings.takeOut(idle, CloseReason.SHRUNK, after);
    }
  }

  /** An idle connection of the lane that has the most of them, now owned; null if there is none. */
  private @Nullable Pooled claimSurplus(Lane except) {
    Lane richest = except;
    int most = 0;
    for (Lane lane : ledger.lanes()) {
      int idle = lane.connections().length - lane.leased();
      if (lane != except && idle > most) {
        richest = lane;
        most = idle;
      }
    }
    return most == 0 ? null : richest.claim(true, PickOrder.LAST_USED);
  }
}
