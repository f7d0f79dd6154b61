package io.github.tcppool.internal.engine;

import io.github.tcppool.Endpoint;
import io.github.tcppool.balance.Candidates;

/** What a balancer sees of the lanes: another object whenever they change. */
final class LaneView implements Candidates {

  private static final long STEP_NANOS = 1_000_000;

  private final Lane[] lanes;

  /** The moment of the latest pick; written once a millisecond, so that many may read it. */
  private volatile long moment;

  LaneView(Lane[] lanes) {
    this.lanes = lanes;
  }

  /** Not to be changed. */
  Lane[] lanes() {
    return lanes;
  }

  /** Notes that a pick begins at this moment, or began a moment ago. */
  LaneView at(long now) {
    if (Math.abs(now - moment) >= STEP_NANOS) {
      moment = now;
    }
    return this;
  }

  @Override
  public long nanoTime() {
    return moment;
  }

  @Override
  public int size() {
    return lanes.length;
  }

  @Override
  public Endpoint endpoint(int index) {
    return lanes[index].endpoint();
  }

  @Override
  public boolean isUsable(int index) {
    return lanes[index].isUsable();
  }

  @Override
  public int leased(int index) {
    return lanes[index].leased();
  }

  @Override
  public int outstanding(int index) {
    return lanes[index].outstanding();
  }

  @Override
  public double picksPerSecond(int index) {
    return lanes[index].picks.perSecond(moment);
  }

  @Override
  public long roundTripNanos(int index) {
    return lanes[index].roundTrips.nanos(moment);
  }

  @Override
  public long load(int index) {
    return lanes[index].load();
  }

  @Override
  public int failures(int index) {
    return lanes[index].failuresToBlame();
  }
}
