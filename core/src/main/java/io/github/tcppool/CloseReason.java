package io.github.tcppool;

/** Why a connection was closed. Every close has exactly one. */
public enum CloseReason {
  /** The peer had closed its side (FIN). */
  PEER_CLOSED,
  /** The peer had reset the connection (RST), or the kernel had given it up. */
  PEER_RESET,
  /** Bytes arrived that nobody had asked for, or the last owner left some unread. */
  UNREAD_BYTES,
  /** More bytes arrived for {@code receive} than the limit allows, and nobody took them. */
  INBOUND_FULL,
  /** A message was written in part: the connection was reset, so that the peer sees an error. */
  TORN_MESSAGE,
  /** The process had no descriptor left with which a caller could have waited for a reply. */
  NO_DESCRIPTOR,
  /** A read or write failed. */
  IO_ERROR,
  /** A read or write timed out, or the deadline of a call passed in the middle of it. */
  TIMED_OUT,
  /** A heartbeat was not answered, or not as expected. */
  NO_HEARTBEAT,
  /** The owner was interrupted in the middle of a call. */
  INTERRUPTED,
  /** The bytes of a reply broke the framing. */
  BAD_FRAME,
  /** The owner had shut down one side. */
  HALF_CLOSED,
  /** The owner said that the connection is not fit to be used again. */
  DISCARDED,
  /** The owner's code failed: a conversation, a hook, a framing. */
  OWNER_FAILED,
  /** The owner lost the lease without giving it back. */
  LEAKED,
  /** Unused for longer than {@code maxIdle}. */
  IDLE,
  /** Older than {@code maxLifetime}. */
  LIFETIME,
  /** The maximum was lowered, or its place in the total was needed for another endpoint. */
  SHRUNK,
  /** The owner of the pool asked for it. */
  EVICTED,
  /** Its endpoint is not one of the pool's any more. */
  ENDPOINT_LEFT,
  /** The pool was closed. */
  POOL_CLOSED,
  /** The pool was closed and the drain time ran out. */
  FORCED
}
