package io.github.tcppool.cli.demo;

/**
 * What happens in one act.
 *
 * @param number 1 to 4
 * @param title what the pool is used for, and what goes wrong
 * @param replies whether messages are requests that want a reply
 * @param fault what happens to one of the servers
 * @param perSecond how many messages are handed to the pool in a second
 * @param threads by how many threads
 */
record Script(int number, String title, boolean replies, Fault fault, int perSecond, int threads) {

  static final Script ORDERLY_RESTART =
      new Script(1, "send, a server restarts in an orderly way", false, Fault.RESTART, 2_000, 1);

  static final Script KILLED_WHILE_ASKED =
      new Script(2, "exchange (idempotent), a server is killed", true, Fault.KILL, 1_000, 4);

  static final Script KILLED_WITH_UNREAD =
      new Script(3, "send, a server stalls and is killed", false, Fault.STALL_AND_KILL, 2_000, 1);

  static final Script BROKEN =
      new Script(4, "exchange (idempotent), a server breaks", true, Fault.BREAK, 1_000, 4);

  /** Whether a pool can save every message. */
  boolean mustLoseNothing() {
    return fault != Fault.STALL_AND_KILL;
  }

  /** The server that the fault hits, so that each one has its turn. */
  int victim(int servers) {
    return number % servers;
  }
}
