package io.github.tcppool.testkit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A single direction: its present faults, its counts, and how to reach its pumps. */
final class OneWay implements Direction {
  final AtomicLong read = new AtomicLong();
  final AtomicLong forwarded = new AtomicLong();

  private final String name;
  private final Tally tally;
  private final Duration patience;
  private final Consumer<Consumer<Pump>> pumps;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Faults faults = Faults.NONE;

  /**
   * @param pumps runs an action for the pump of this direction of every open connection
   */
  OneWay(String name, Tally tally, Duration patience, Consumer<Consumer<Pump>> pumps) {
    this.name = name;
    this.tally = tally;
    this.patience = patience;
    this.pumps = pumps;
  }

  Faults faults() {
    return faults;
  }

  void countRead(int bytes) {
    read.addAndGet(bytes);
  }

  void countForwarded(int bytes) {
    forwarded.addAndGet(bytes);
    tally.changed();
  }

  private Direction change(UnaryOperator<Faults> change) {
    lock.lock();
    try {
      faults = change.apply(faults);
    } finally {
      lock.unlock();
    }
    pumps.accept(Pump::wake);
    return this;
  }

  @Override
  public Direction latency(Duration delay, Duration jitter) {
    return change(now -> now.withLatency(delay, jitter));
  }

  @Override
  public Direction bandwidth(long bytesPerSecond) {
    return change(now -> now.withBandwidth(bytesPerSecond));
  }

  @Override
  public Direction slice(int bytes, Duration gap) {
    return change(now -> now.withSlice(Pace.of(bytes, gap)));
  }

  @Override
  public Direction corrupt(double probability) {
    return change(now -> now.withCorruption(probability));
  }

  @Override
  public Direction corruptAt(long byteNumber) {
    return change(now -> now.withCorruptAt(byteNumber));
  }

  @Override
  public Direction cutAfter(long bytes) {
    return change(now -> now.withLimit(new Faults.Limit(bytes, false)));
  }

  @Override
  public Direction resetAfter(long bytes) {
    return change(now -> now.withLimit(new Faults.Limit(bytes, true)));
  }

  @Override
  public Direction stall() {
    return change(now -> now.withMode(Faults.Mode.STALL));
  }

  @Override
  public Direction freeze() {
    return change(now -> now.withMode(Faults.Mode.FREEZE));
  }

  @Override
  public Direction swallow() {
    return change(now -> now.withMode(Faults.Mode.SWALLOW));
  }

  @Override
  public void halfClose() {
    pumps.accept(Pump::halfClose);
  }

  @Override
  public Direction heal() {
    return change(now -> Faults.NONE);
  }

  @Override
  public long bytesRead() {
    return read.get();
  }

  @Override
  public long bytesForwarded() {
    return forwarded.get();
  }

  @Override
  public void awaitForwarded(long bytes) {
    tally.await(
        patience,
        () -> bytesForwarded() >= bytes,
        "at least " + bytes + " bytes forwarded " + name,
        this::toString);
  }

  @Override
  public String toString() {
    return name + ": " + read + " bytes read, " + forwarded + " forwarded";
  }
}
