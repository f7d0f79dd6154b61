package io.github.tcppool.proof.checks;

/** How one call ended. */
public enum Ending {
  /** The reply came, and it was the right one. */
  CONFIRMED,
  /** The kernel took the message. */
  WRITTEN,
  /** Failed, and nothing of the message was written. */
  NOT_SENT,
  /** Failed, and a part of the message was written. */
  PARTIAL,
  /** Failed, and the message may have been received or not. */
  UNKNOWN,
  /** The reply to something else came. */
  WRONG_REPLY,
  /** Something was thrown that no call may throw. */
  CRASHED
}
