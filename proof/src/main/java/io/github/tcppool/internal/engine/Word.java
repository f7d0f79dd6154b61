package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import org.jspecify.annotations.Nullable;

/** A connection of which only the word matters; idle at first. */
class Word extends Pooled {

  /** What its owners leave for the next one. */
  int left;

  Word() {
    boolean unused = release(true);
  }

  @Override
  public @Nullable CloseReason unfit(long now, Use use) {
    return null;
  }

  @Override
  public void freed() {}

  @Override
  public void relax(long now) {}

  @Override
  public boolean mayBeAsked() {
    return true;
  }

  @Override
  public void watch(long now) {}

  @Override
  public long pendingBytes() {
    return 0;
  }

  @Override
  public long claimedNanos() {
    return 0;
  }

  @Override
  public long messages() {
    return 0;
  }

  @Override
  public long bytesWritten() {
    return 0;
  }

  @Override
  public long bytesRead() {
    return 0;
  }
}
