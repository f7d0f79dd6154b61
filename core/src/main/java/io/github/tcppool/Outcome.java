package io.github.tcppool;

/** What is known about a message whose call failed. */
public enum Outcome {
  /** The kernel took none of its bytes: the peer cannot have seen it. Safe to send again. */
  NOT_SENT,
  /**
   * The kernel took some of its bytes but not all, and the connection was reset: the peer may have
   * seen a torn message, never a whole one.
   */
  PARTIAL,
  /** The kernel took all of its bytes and no reply came: the peer may have acted on it or not. */
  UNKNOWN
}
