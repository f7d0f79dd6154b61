package io.github.tcppool.cli;

/** What the process exits with. Documented in the guide and in every command's help. */
final class ExitCodes {
  /** Everything was done. */
  static final int DONE = 0;

  /**
   * Some of the work could not be done: messages not sent, replies missing, servers unreachable.
   */
  static final int NOT_ALL_DONE = 1;

  /** The command was called wrongly; nothing was done. */
  static final int WRONG_USE = 2;

  /** Something on this machine stood in the way: input, output, a file, a port. */
  static final int LOCAL_TROUBLE = 3;

  /** A bug in this tool. */
  static final int BUG = 70;

  private ExitCodes() {}
}
