package io.github.tcppool.internal.engine;

import io.github.tcppool.EndpointSnapshot;
import java.io.IOException;
import java.time.Duration;

/**
 * What the connections of a lane have done, those that are gone included. Guarded by the engine's
 * lock; the figures of connections in use are read as they happen to be.
 */
final class LaneTotals {

  private long goneMessages;
  private long goneBytesWritten;
  private long goneBytesRead;
  private long goneAnswers;
  private long goneAnswerNanos;

  /** Of all answers, those that {@link #takeMeanAnswerNanos} has told. */
  private long toldAnswers;

  private long toldAnswerNanos;

  /** Keeps the figures of a connection that leaves its lane. */
  void gone(Pooled connection) {
    goneMessages += connection.messages();
    goneBytesWritten += connection.bytesWritten();
    goneBytesRead += connection.bytesRead();
    goneAnswers += connection.answers();
    goneAnswerNanos += connection.answerNanos();
  }

  /** Messages and leases served. */
  long messages(Lane lane) {
    long messages = goneMessages;
    for (Pooled connection : lane.connections()) {
      messages += connection.messages();
    }
    return messages;
  }

  /** How long answers took since this was asked last, on average; 0 if there were none. */
  long takeMeanAnswerNanos(Lane lane) {
    long answers = goneAnswers;
    long nanos = goneAnswerNanos;
    for (Pooled connection : lane.connections()) {
      answers += connection.answers();
      nanos += connection.answerNanos();
    }
    long mean = (nanos - toldAnswerNanos) / Math.max(1, answers - toldAnswers);
    toldAnswers = answers;
    toldAnswerNanos = nanos;
    return Math.max(0, mean);
  }

  /** How the lane stands. */
  EndpointSnapshot snapshot(Lane lane, long now) {
    Pooled[] open = lane.connections();
    long written = goneBytesWritten;
    long read = goneBytesRead;
    int idle = 0;
    for (Pooled connection : open) {
      written += connection.bytesWritten();
      read += connection.bytesRead();
      if (connection.isIdle()) {
        idle++;
      }
    }
    IOException last = lane.lastFailure;
    return new EndpointSnapshot(
        lane.endpoint(),
        !lane.down,
        idle,
        open.length - idle,
        lane.dialing(),
        lane.closing,
        lane.opened,
        lane.closed,
        lane.dialFailures,
        last == null ? null : last.toString(),
        messages(lane),
        written,
        read,
        lane.picks.total(),
        lane.load(),
        Duration.ofNanos(lane.roundTrips.lastNanos()),
        lane.health.snapshot(now));
  }
}
