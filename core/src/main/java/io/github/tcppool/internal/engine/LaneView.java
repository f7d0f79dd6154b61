package io.github.tcppool.internal.engine;

import io.github.tcppool.Endpoint;
import io.github.tcppool.balance.Candidates;

/** What a balancer sees of the lanes: another object whenever they change. */
final class LaneView implements Candidates {

  private final Lane[] lanes;

  LaneView(Lane[] lanes) {
    this.lanes = lanes;
  }

  /** Not to be changed. */
  Lane[] lanes() {
    return lanes;
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
  public long load(int index) {
    return lanes[index].load();
  }

  @Override
  public int failures(int index) {
    return lanes[index].failuresToBlame();
  }
}
