package io.github.tcppool.internal.engine;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A caller without a thread: it sleeps by not being advanced. */
final class RandomCaller implements Parker {

  final Use use;
  final int only;
  final long deadlineNanos;

  /** Whether it may go on: it was woken, interrupted, or has just begun. */
  boolean runnable = true;

  boolean interrupted;

  /** The waiter whose grant was looked at already. */
  @Nullable Waiter seen;

  /**
   * Whether the pool was open when it began: then it may have been given a dead connection, or have
   * failed, before the pool was shut, and tell of that.
   */
  final boolean begunOpen;

  private final RandomRun run;
  private final Acquisition<FakeConnection> acquisition;

  RandomCaller(RandomRun run, Use use, int only, long deadlineNanos) {
    this.run = run;
    this.use = use;
    this.only = only;
    this.deadlineNanos = deadlineNanos;
    begunOpen = !run.isShut();
    acquisition = run.acquisition(this);
  }

  /** Goes on until it would sleep. Null if it waits. */
  @Nullable FakeConnection advance() throws IOException {
    runnable = false;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      return acquisition.advance();
    } finally {
      interrupted = Thread.interrupted();
    }
  }

  void interrupt() {
    interrupted = true;
    runnable = true;
  }

  /** What it waits with, whether decided or not. */
  @Nullable Waiter waiter() {
    return acquisition.waiter();
  }

  boolean isInLine() {
    Waiter waiter = waiter();
    return waiter != null && !waiter.isDecided();
  }

  /** What it was granted and has not taken yet. */
  @Nullable Pooled granted() {
    Waiter waiter = waiter();
    return waiter == null ? null : waiter.granted();
  }

  @Override
  public void sleep(long nanos) {
    throw new AssertionError("a caller without a thread cannot sleep");
  }

  @Override
  public void wake() {
    runnable = true;
    run.lookAtGrants();
  }
}
