package io.github.tcppool.internal.engine;

/**
 * Whether an endpoint is in the pool.
 *
 * <pre>
 * state     meaning                               leaves it by
 * ACTIVE    claims, dials and waiters see it      leave: its connections retire
 * LEAVING   nothing new, but something is left    join: ACTIVE; the end of the last: GONE
 * GONE      only its figures are left             never
 * </pre>
 */
enum LaneState {
  ACTIVE,
  LEAVING,
  GONE
}
