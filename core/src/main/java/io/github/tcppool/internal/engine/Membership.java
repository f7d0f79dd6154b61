package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.DepartedTotals;
import io.github.tcppool.Endpoint;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.RefreshReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which endpoints the pool has, changed while it is in use: those that stay keep their connections
 * and figures, and their order; those that leave end what is idle now and what is leased when it is
 * returned; new ones come last. The states and their transitions stand in {@link LaneState}.
 *
 * @param <C> the kind of connection
 */
public final class Membership<C extends Pooled> {

  private final Ledger ledger;
  private final Dials<C> dials;
  private final Closings<C> closings;

  Membership(Ledger ledger, Dials<C> dials, Closings<C> closings) {
    this.ledger = ledger;
    this.dials = dials;
    this.closings = closings;
  }

  /**
   * What came of the changes so far.
   *
   * @param leaving endpoints that left and have connections that are not closed yet
   * @param joined endpoints that came since the pool was made
   * @param left endpoints that left
   * @param departed what those had done of which nothing is left
   */
  public record Figures(
      List<EndpointSnapshot> leaving, long joined, long left, DepartedTotals departed) {}

  /** What came of the changes so far. */
  public Figures figures() {
    ledger.lock.lock();
    try {
      return ledger.book().figures();
    } finally {
      ledger.lock.unlock();
    }
  }

  /** The endpoints that serve calls now. */
  public List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    for (Lane lane : ledger.lanes()) {
      all.add(lane.endpoint());
    }
    return all;
  }

  /**
   * What {@link Engine#acquire} takes for this endpoint; a number of nothing if it is not there.
   */
  public int numberOf(Endpoint endpoint) {
    String name = Lanes.nameOf(endpoint);
    for (Lane lane : ledger.lanes()) {
      if (Lanes.nameOf(lane.endpoint()).equals(name)) {
        return lane.number();
      }
    }
    return Engine.NOTHING;
  }

  /**
   * Lets the pool have these endpoints and no others; of two with the same host and port the first
   * counts. Does nothing once the pool is shut.
   */
  public void change(List<Endpoint> endpoints, RefreshReason reason) {
    Map<String, Endpoint> wanted = new LinkedHashMap<>();
    endpoints.forEach(endpoint -> wanted.putIfAbsent(Lanes.nameOf(endpoint), endpoint));
    Effects after = new Effects();
    ledger.lock.lock();
    try {
      if (ledger.isClosed()) {
        return;
      }
      changeLocked(wanted, reason, after);
      dials.health().openAll(after); // what it left others for may be gone
      ledger.matchIdle(after); // who left the line may have held up somebody behind
      dials.planLocked(null, after);
    } finally {
      ledger.lock.unlock();
    }
    closings.perform(after);
    dials.ring(); // for the minimum of the new ones
  }

  private void changeLocked(Map<String, Endpoint> wanted, RefreshReason reason, Effects after) {
    List<Lane> lanes = new ArrayList<>();
    List<Lane> leavers = new ArrayList<>();
    for (Lane lane : ledger.lanes()) {
      Endpoint staying = wanted.remove(Lanes.nameOf(lane.endpoint()));
      if (staying == null) {
        leavers.add(lane);
        continue;
      }
      lanes.add(lane);
      if (!staying.equals(lane.endpoint())) {
        after.events.add(new PoolEvent.EndpointChanged(lane.endpoint(), staying, reason));
        lane.endpoint(staying);
      }
    }
    boolean first = ledger.lanes().length == 0;
    for (Endpoint joining : wanted.values()) {
      lanes.add(ledger.book().join(joining));
      after.events.add(new PoolEvent.EndpointJoined(joining, reason));
    }
    if (after.events.isEmpty() && leavers.isEmpty()) {
      return; // the same as before, and balancers need not look at it anew
    }
    leavers.forEach(ledger.book()::leave);
    ledger.book().replace(lanes);
    leavers.forEach(lane -> endLocked(lane, reason, after));
    if (first) {
      ledger.moveHomeless(after);
    }
  }

  /** Ends what a lane that leaves has, or lets it end on return. */
  private void endLocked(Lane lane, RefreshReason reason, Effects after) {
    after.events.add(new PoolEvent.EndpointLeft(lane.endpoint(), reason));
    ledger.moveBound(lane, after);
    for (Pooled connection : lane.connections()) {
      closings.retireLocked(connection, CloseReason.ENDPOINT_LEFT, after);
    }
    ledger.book().buryIfEmpty(lane);
  }
}
