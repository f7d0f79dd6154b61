package io.github.tcppool.internal.engine;

import io.github.tcppool.EndpointHealth;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.internal.health.Ramp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What must hold of an engine at any moment, worked out without its books. */
final class RandomBooks {

  /** The longest time that an endpoint that fails may be left alone while somebody waits. */
  private static final long MOST_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final RandomRun run;

  /** By the name of the endpoint. */
  private final Map<String, Integer> totals = new HashMap<>();

  private int overall;

  /** Whether there ever were health checks. */
  private boolean checksHealth;

  /** Those that serve calls. */
  private List<EndpointSnapshot> lanes = List.of();

  /** Those that leave. */
  private List<EndpointSnapshot> leaving = List.of();

  RandomBooks(RandomRun run) {
    this.run = run;
  }

  private static void require(boolean right, String rule, Object detail) {
    if (!right) {
      throw new AssertionError(rule + ": " + detail);
    }
  }

  // ---- owners ----

  void own(FakeConnection connection, boolean writing, boolean reading) {
    if (writing) {
      require(connection.owners.incrementAndGet() == 1, "one writer", connection);
    }
    if (reading) {
      require(++connection.readers == 1, "one reader", connection);
    }
    require(connection.closedFor == null, "nobody is given a closed connection", connection);
  }

  void disown(FakeConnection connection, boolean writing, boolean reading) {
    if (writing) {
      connection.owners.decrementAndGet();
    }
    if (reading) {
      connection.readers--;
    }
  }

  /** But for those that are held back beside a trial. */
  boolean isAnyIdle() {
    return run.net.open.stream()
        .anyMatch(connection -> connection.isIdle() && connection.lane().health.share() > 0);
  }

  // ---- numbers ----

  void check() {
    look();
    Set<Pooled> granted = Collections.newSetFromMap(new IdentityHashMap<>());
    int inLine = 0;
    for (RandomCaller caller : run.callers) {
      inLine += caller.isInLine() ? 1 : 0;
      if (caller.granted() != null) {
        granted.add(caller.granted());
      }
    }
    require(run.engine.closings().waiting() == inLine, "waiting", inLine);
    require(run.engine.closings().timeouts() == run.timeouts, "timeouts", run.timeouts);
    checkNumbers(granted);
    require(run.openedEvents == run.net.opened, "every connection is told of", run.openedEvents);
    require(
        run.closedEvents == run.net.opened - run.net.open.size() - run.net.closing.size(),
        "every end is told of",
        run.closedEvents);
  }

  private void look() {
    lanes = run.engine.closings().endpoints();
    leaving = run.engine.membership().figures().leaving();
  }

  private List<EndpointSnapshot> all() {
    List<EndpointSnapshot> all = new ArrayList<>(lanes);
    all.addAll(leaving);
    return all;
  }

  private void checkNumbers(Set<Pooled> granted) {
    PoolOptions options = run.engine.options();
    int dialing = 0;
    int total = 0;
    for (EndpointSnapshot lane : all()) {
      String name = lane.endpoint().toString();
      checkLane(lane, granted);
      require(
          lane.total() <= Math.max(totals.getOrDefault(name, 0), options.maxConnections()),
          "never above max",
          lane);
      totals.put(name, lane.total());
      dialing += lane.dialing();
      total += lane.total();
    }
    require(
        total <= Math.max(overall, options.maxTotalConnections()), "never above max total", lanes);
    overall = total;
    require(dialing <= run.net.dials.size(), "dialing", dialing);
    checksHealth |= options.health().check() != null;
    if (!checksHealth) { // else workers may be busy with that
      require(dialing == run.net.dials.size(), "dialing", dialing);
    }
    for (EndpointSnapshot lane : leaving) {
      require(lane.idle() == 0, "nothing idle is left of who leaves", lane);
      require(lane.total() > 0, "who leaves has something left", lane);
    }
  }

  private void checkLane(EndpointSnapshot lane, Set<Pooled> granted) {
    int open = 0;
    int idle = 0;
    for (FakeConnection connection : run.net.open) {
      if (connection.endpoint.equals(lane.endpoint())) {
        open++;
        boolean busy =
            connection.owners.get() > 0 || connection.readers > 0 || granted.contains(connection);
        idle += busy ? 0 : 1;
        require(busy != connection.isIdle(), "idle or owned", connection);
      }
    }
    int closing = 0;
    for (RandomNet.Closing close : run.net.closing) {
      closing += close.connection().endpoint.equals(lane.endpoint()) ? 1 : 0;
    }
    require(lane.idle() == idle, "idle", lane);
    require(lane.leased() == open - idle, "leased", lane);
    require(lane.closing() == closing, "closing", lane);
    require(lane.opened() - lane.closed() == open + closing, "opened - closed = open", lane);
  }

  // ---- fairness ----

  /** Whoever was granted something new stood before all who could have had it. */
  void lookAtGrants() {
    for (RandomCaller caller : run.callers) {
      Waiter waiter = caller.waiter();
      Pooled granted = caller.granted();
      if (waiter == null || granted == null || caller.seen == waiter) {
        continue;
      }
      caller.seen = waiter;
      for (RandomCaller other : run.callers) {
        Waiter earlier = other.waiter();
        if (earlier != null
            && other.isInLine()
            && earlier.place() < waiter.place()
            && earlier.accepts(granted.lane())
            && mayHave(earlier, granted.lane())
            && (waiter.full || !earlier.full)) {
          throw new AssertionError("first come, first served: " + granted);
        }
      }
    }
  }

  /** A trial is one call at a time, but for those who may have nothing else. */
  private static boolean mayHave(Waiter waiter, Lane lane) {
    return waiter.bound || lane.health.share() > 0;
  }

  // ---- waiters ----

  /** Everybody has gone on who could: those who wait now must have something to wait for. */
  void settled() {
    look();
    int[] bound = new int[lanes.size()];
    int unbound = 0;
    for (RandomCaller caller : run.callers) {
      require(caller.isInLine(), "whoever is decided ends", caller.use);
      require(caller.deadlineNanos - run.now > 0, "nobody waits past the deadline", caller.use);
      checkNothingIsThere(caller);
      if (caller.only == Engine.ANY) {
        unbound++;
      } else {
        bound[caller.waiter().preferred.index()]++;
      }
    }
    checkDials(bound, unbound);
  }

  private void checkNothingIsThere(RandomCaller caller) {
    Waiter waiter = caller.waiter();
    boolean first =
        run.callers.stream()
            .noneMatch(c -> c.only == Engine.ANY && c.waiter().place() < waiter.place());
    for (FakeConnection connection : run.net.open) {
      if (!waiter.accepts(connection.lane()) || !mayHave(waiter, connection.lane())) {
        continue;
      }
      require(!connection.isIdle(), "nobody waits beside an idle connection", connection);
      if (first && !waiter.full && connection.claimWrite()) {
        throw new AssertionError("nobody waits beside a free half: " + connection);
      }
    }
  }

  private void checkDials(int[] bound, int unbound) {
    int forAll = 0;
    for (int i = 0; i < lanes.size(); i++) {
      forAll += works(i) ? Math.max(0, lanes.get(i).dialing() - bound[i]) : 0;
    }
    for (int i = 0; i < lanes.size(); i++) {
      EndpointSnapshot lane = lanes.get(i);
      checkRoom(i, bound[i]);
      boolean wanted = bound[i] > lane.dialing() || (unbound > forAll && isWarm(lane));
      if (wanted && !run.shut && mayDial(lane)) {
        require(!works(i), "free capacity without a dial", lanes);
        require(
            lane.dialing() > 0 || run.timerNanos - run.now <= patienceNanos(i, bound[i]),
            "an endpoint that fails is dialed again",
            lane);
      }
    }
  }

  /** Whoever is bound to an endpoint is not kept out by idle connections to others. */
  private void checkRoom(int index, int bound) {
    EndpointSnapshot lane = lanes.get(index);
    int idle = 0;
    int closing = 0;
    for (EndpointSnapshot each : all()) {
      idle += each.idle();
      closing += each.closing();
    }
    boolean kept = bound > lane.dialing() && works(index) && hasPlace(lane) && !mayDial(lane);
    require(!kept || idle == 0 || closing > 0, "idle connections that take the place", lanes);
  }

  /** Whether it is open, and may have more connections although it has just come back. */
  private boolean isWarm(EndpointSnapshot lane) {
    double share = lane.health().share();
    EndpointHealth state = lane.health().state();
    if (share == 0 && (state == EndpointHealth.EJECTED || state == EndpointHealth.FAILING)) {
      return false;
    }
    return share == 1
        || lane.total() < Ramp.connections(share, run.engine.options().maxConnections());
  }

  /** Nobody waits for an endpoint that fails as long as another one may serve. */
  private long patienceNanos(int index, int bound) {
    for (int i = 0; i < lanes.size(); i++) {
      boolean serves = works(i) || lanes.get(i).idle() + lanes.get(i).leased() > 0;
      if (i != index && serves && bound == 0) {
        return PROBE_NANOS;
      }
    }
    return MOST_PATIENCE_NANOS;
  }

  /** Whether its dials need not keep the pace of a backoff. */
  private boolean works(int index) {
    return run.engine.lane(index).failures == 0;
  }

  private boolean mayDial(EndpointSnapshot lane) {
    int total = 0;
    for (EndpointSnapshot each : all()) {
      total += each.total();
    }
    return hasPlace(lane) && total < run.engine.options().maxTotalConnections();
  }

  private boolean hasPlace(EndpointSnapshot lane) {
    PoolOptions options = run.engine.options();
    return lane.total() < options.maxConnections() && lane.dialing() < options.maxDials();
  }

  // ---- the end ----

  void isEmpty() {
    long opened = 0;
    for (EndpointSnapshot lane : run.engine.closings().endpoints()) {
      require(lane.total() == 0, "nothing is left", lane);
      require(lane.opened() == lane.closed(), "all are closed", lane);
      opened += lane.opened();
    }
    Membership.Figures figures = run.engine.membership().figures();
    require(figures.leaving().isEmpty(), "nobody is left on the way out", figures);
    opened += figures.departed().opened();
    require(opened == run.net.opened, "nobody's figures are lost", figures);
    long closed = run.engine.closings().closedBy().values().stream().mapToLong(n -> n).sum();
    require(closed == run.net.opened, "every close has a reason", closed);
  }
}
