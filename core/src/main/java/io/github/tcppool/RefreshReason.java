package io.github.tcppool;

/** Why a pool looked for its endpoints anew, or got other ones. */
public enum RefreshReason {
  /** The pool was built. */
  START,
  /** The time had come that the last look-up asked for. */
  INTERVAL,
  /** The last look-up had failed. */
  RETRY,
  /** A connection to an endpoint could not be made. */
  CONNECT_FAILED,
  /** The source had news without being asked. */
  PUSHED,
  /** An endpoint had been missing for as long as removals are delayed. */
  GRACE_OVER
}
