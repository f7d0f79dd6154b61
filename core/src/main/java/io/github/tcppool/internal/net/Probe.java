package io.github.tcppool.internal.net;

/** What a look at a connection found, without waiting. */
public enum Probe {
  /** Alive as far as the kernel knows, and nothing to read. */
  QUIET,
  /** There are bytes to read; they are kept. */
  DATA,
  /** The peer has closed its side. */
  END,
  /** The connection is broken. */
  BROKEN
}
