package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A connection that exists on paper only: it is as fit, and has read as much, as a test says. */
final class FakeConnection extends Pooled {

  final Endpoint endpoint;

  /** How many callers believe that it is theirs. */
  final AtomicInteger owners = new AtomicInteger();

  /** How many believe that its reading half is theirs. */
  int readers;

  volatile @Nullable CloseReason unfit;
  long bytesRead;
  long pendingBytes;
  long messages;
  long claimedNanos;
  long bytesWritten;
  int freed;
  int relaxed;
  int watched;
  boolean severed;
  @Nullable CloseReason closedFor;

  FakeConnection(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public @Nullable CloseReason unfit(long now, Use use) {
    if (closedFor != null) {
      return CloseReason.PEER_CLOSED; // closed beneath its owner
    }
    if (unfit == null && use != Use.UPKEEP) {
      messages++;
      claimedNanos = now;
    }
    return unfit;
  }

  @Override
  public void freed() {
    freed++;
  }

  @Override
  public void relax(long now) {
    relaxed++;
  }

  @Override
  public boolean mayBeAsked() {
    return true;
  }

  @Override
  public void watch(long now) {
    watched++;
  }

  @Override
  public long pendingBytes() {
    return pendingBytes;
  }

  @Override
  public long claimedNanos() {
    return claimedNanos;
  }

  @Override
  public long messages() {
    return messages;
  }

  @Override
  public long bytesWritten() {
    return bytesWritten;
  }

  @Override
  public long bytesRead() {
    return bytesRead;
  }

  @Override
  public String toString() {
    return "fake " + id() + " to " + endpoint;
  }
}
