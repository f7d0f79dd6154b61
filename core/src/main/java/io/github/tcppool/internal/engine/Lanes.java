package io.github.tcppool.internal.engine;

import io.github.tcppool.DepartedTotals;
import io.github.tcppool.Endpoint;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PickOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which lanes there are: those that serve calls, those that are on their way out, and what is left
 * of the others. Everything is written under the engine's lock.
 */
final class Lanes {

  private static final Lane[] NONE = {};

  private final LongSupplier clock;

  /** Replaced as a whole, so that a pick works with one list from its beginning to its end. */
  private volatile LaneView view;

  /** Replaced as a whole. */
  private volatile Lane[] leaving = NONE;

  /** Which of the others was asked first the last time; a hint. */
  private int asked;

  // Guarded by the engine's lock.
  private int lastNumber = -1;
  private long joined;
  private long left;
  private DepartedTotals departed = DepartedTotals.NONE;

  Lanes(List<Endpoint> endpoints, LongSupplier clock) {
    this.clock = clock;
    List<Lane> first = new ArrayList<>();
    endpoints.forEach(endpoint -> first.add(make(endpoint)));
    view = viewOf(first);
  }

  /** The name under which an endpoint is known: its host in any case, and its port. */
  static String nameOf(Endpoint endpoint) {
    return endpoint.toString().toLowerCase(Locale.ROOT);
  }

  LaneView view() {
    return view;
  }

  Lane[] active() {
    return view.lanes();
  }

  Lane[] leaving() {
    return leaving;
  }

  /** Exact under the engine's lock. */
  int total() {
    int total = 0;
    for (Lane lane : active()) {
      total += lane.total();
    }
    for (Lane lane : leaving) {
      total += lane.total();
    }
    return total;
  }

  /** Messages and leases ever served; what comes and goes does not make it jump. */
  long messages() {
    long messages = departed.messages();
    for (Lane lane : active()) {
      messages += lane.totals.messages(lane);
    }
    for (Lane lane : leaving) {
      messages += lane.totals.messages(lane);
    }
    return messages;
  }

  /** Connections being closed; exact under the engine's lock. */
  int closing() {
    int closing = 0;
    for (Lane lane : active()) {
      closing += lane.closing;
    }
    for (Lane lane : leaving) {
      closing += lane.closing;
    }
    return closing;
  }

  /** The lane that has this number, if it is active. */
  @Nullable Lane numbered(int number) {
    for (Lane lane : active()) {
      if (lane.number() == number) {
        return lane;
      }
    }
    return null;
  }

  /**
   * Whether another lane is usable and has a connection to give, or can soon have one.
   *
   * @param max the most connections of one lane
   */
  boolean canServeBut(Lane avoided, int max) {
    for (Lane lane : active()) {
      if (lane != avoided
          && lane.isOpen()
          && (lane.dialing() > 0 || lane.total() < max || lane.hasIdle())) {
        return true;
      }
    }
    return false;
  }

  boolean isAnyUsable() {
    for (Lane lane : active()) {
      if (lane.isOpen()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a lane has connections that not everybody may have. */
  boolean isAnyHeldBack() {
    for (Lane lane : active()) {
      if (lane.health.share() == 0 && lane.connections().length > 0) {
        return true;
      }
    }
    return false;
  }

  // ---- no hope; under the engine's lock ----

  /** No connection that could come back, and no lane that has not failed. */
  boolean isHopeless() {
    for (Lane lane : active()) {
      if (lane.connections().length > 0 || lane.failures == 0 || lane.dialing() > 0) {
        return false;
      }
    }
    return true;
  }

  /** The lane that failed last, if all of them are down; else null. */
  @Nullable Lane lastOfAllDown() {
    Lane last = null;
    for (Lane lane : active()) {
      if (!lane.health.isDown()) {
        return null;
      }
      if (last == null || lane.failedAtNanos - last.failedAtNanos > 0) {
        last = lane;
      }
    }
    return last;
  }

  // ---- elsewhere ----

  /**
   * An idle connection of another lane than the one chosen, which has none; null if there is none
   * either. One that is not usable is not asked while another one is.
   *
   * @param avoided not to be asked either, or null
   */
  @Nullable Pooled claimBeside(
      @Nullable Lane chosen, @Nullable Lane avoided, boolean full, PickOrder order) {
    Lane[] lanes = active();
    int first = nextAsked(lanes.length);
    boolean picky = isAnyUsable();
    for (int step = 0; step < lanes.length; step++) {
      Lane lane = other(lanes, chosen, first, step);
      if (lane != chosen && lane != avoided && (!picky || lane.isOpen())) {
        Pooled connection = lane.claim(full, order);
        if (connection != null) {
          return connection;
        }
      }
    }
    return null;
  }

  /** A usable lane other than this one, or this one if there is none. */
  Lane usableBeside(Lane lane) {
    Lane[] lanes = active();
    int first = nextAsked(lanes.length);
    for (int step = 0; step < lanes.length; step++) {
      Lane other = other(lanes, lane, first, step);
      if (other != lane && other.isOpen()) {
        return other;
      }
    }
    return lane;
  }

  /**
   * Each of the others is the first to be asked in turn, so that no neighbour inherits what a busy
   * or dead lane does not take.
   */
  private int nextAsked(int size) {
    int next = asked < size - 2 ? asked + 1 : 0;
    asked = next;
    return next;
  }

  /** All lanes one by one, from one of the others on; the one chosen comes last. */
  private static Lane other(Lane[] lanes, @Nullable Lane chosen, int first, int step) {
    int others = lanes.length - 1;
    int from = chosen == null ? 0 : chosen.index() + 1;
    int ahead = step == others ? others : (first + step) % others;
    return lanes[(from + ahead) % lanes.length];
  }

  // ---- changes; under the engine's lock ----

  private Lane make(Endpoint endpoint) {
    return new Lane(endpoint, ++lastNumber);
  }

  private static LaneView viewOf(List<Lane> lanes) {
    for (int i = 0; i < lanes.size(); i++) {
      lanes.get(i).index(i);
    }
    return new LaneView(lanes.toArray(NONE));
  }

  /** Puts another list in place. */
  void replace(List<Lane> lanes) {
    view = viewOf(lanes);
  }

  /**
   * A lane for an endpoint that has none that is active: the one that it is just leaving, or new.
   */
  Lane join(Endpoint endpoint) {
    joined++;
    String name = nameOf(endpoint);
    for (Lane lane : leaving) {
      if (nameOf(lane.endpoint()).equals(name)) {
        leaving = without(lane);
        lane.endpoint(endpoint);
        lane.state = LaneState.ACTIVE;
        return lane;
      }
    }
    return make(endpoint);
  }

  /** Lets nothing new into a lane. The caller retires what it has, and puts a list in place. */
  void leave(Lane lane) {
    left++;
    lane.state = LaneState.LEAVING;
    Lane[] more = Arrays.copyOf(leaving, leaving.length + 1);
    more[leaving.length] = lane;
    leaving = more;
  }

  /** Keeps only the figures of a lane that was to leave, if nothing else is left of it. */
  void buryIfEmpty(Lane lane) {
    if (lane.state == LaneState.LEAVING && lane.total() == 0) {
      lane.state = LaneState.GONE;
      leaving = without(lane);
      departed = departed.plus(lane.totals.snapshot(lane, clock.getAsLong()));
    }
  }

  private Lane[] without(Lane gone) {
    return Arrays.stream(leaving).filter(lane -> lane != gone).toArray(Lane[]::new);
  }

  // ---- figures; under the engine's lock ----

  Membership.Figures figures() {
    return new Membership.Figures(snapshots(leaving), joined, left, departed);
  }

  List<EndpointSnapshot> snapshots(Lane[] lanes) {
    long now = clock.getAsLong();
    List<EndpointSnapshot> all = new ArrayList<>(lanes.length);
    for (Lane lane : lanes) {
      all.add(lane.totals.snapshot(lane, now));
    }
    return all;
  }
}
