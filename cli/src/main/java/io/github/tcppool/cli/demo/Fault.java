package io.github.tcppool.cli.demo;

/** What happens to a server. */
enum Fault {
  /** It sends a FIN, reads to the clients' FIN, and starts again a moment later. */
  RESTART,
  /** Its process dies, and is started again a moment later. */
  KILL,
  /**
   * It stops reading for a moment, so that its kernel holds bytes unread; then as {@link #KILL}.
   */
  STALL_AND_KILL,
  /** It goes on listening, and resets every connection in the middle of the first answer. */
  BREAK
}
