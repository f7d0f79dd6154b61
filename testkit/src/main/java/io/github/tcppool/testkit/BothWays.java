package io.github.tcppool.testkit;

import java.time.Duration;
import java.util.function.Consumer;

/** Two directions as one: faults are set in both, counts are sums. */
final class BothWays implements Direction {
  private final Direction upstream;
  private final Direction downstream;
  private final Tally tally;
  private final Duration patience;

  BothWays(Direction upstream, Direction downstream, Tally tally, Duration patience) {
    this.upstream = upstream;
    this.downstream = downstream;
    this.tally = tally;
    this.patience = patience;
  }

  private Direction each(Consumer<Direction> action) {
    action.accept(upstream);
    action.accept(downstream);
    return this;
  }

  @Override
  public Direction latency(Duration delay, Duration jitter) {
    return each(way -> way.latency(delay, jitter));
  }

  @Override
  public Direction bandwidth(long bytesPerSecond) {
    return each(way -> way.bandwidth(bytesPerSecond));
  }

  @Override
  public Direction slice(int bytes, Duration gap) {
    return each(way -> way.slice(bytes, gap));
  }

  @Override
  public Direction corrupt(double probability) {
    return each(way -> way.corrupt(probability));
  }

  @Override
  public Direction corruptAt(long byteNumber) {
    return each(way -> way.corruptAt(byteNumber));
  }

  @Override
  public Direction cutAfter(long bytes) {
    return each(way -> way.cutAfter(bytes));
  }

  @Override
  public Direction resetAfter(long bytes) {
    return each(way -> way.resetAfter(bytes));
  }

  @Override
  public Direction stall() {
    return each(Direction::stall);
  }

  @Override
  public Direction freeze() {
    return each(Direction::freeze);
  }

  @Override
  public Direction swallow() {
    return each(Direction::swallow);
  }

  @Override
  public void halfClose() {
    each(Direction::halfClose);
  }

  @Override
  public Direction heal() {
    return each(Direction::heal);
  }

  @Override
  public long bytesRead() {
    return upstream.bytesRead() + downstream.bytesRead();
  }

  @Override
  public long bytesForwarded() {
    return upstream.bytesForwarded() + downstream.bytesForwarded();
  }

  @Override
  public void awaitForwarded(long bytes) {
    tally.await(
        patience,
        () -> bytesForwarded() >= bytes,
        "at least " + bytes + " bytes forwarded both ways",
        this::toString);
  }

  @Override
  public String toString() {
    return upstream + "; " + downstream;
  }
}
