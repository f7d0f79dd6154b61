package io.github.tcppool;

/** How far an endpoint is open to calls, and why. */
public enum EndpointHealth {
  /** Nothing is known against it. */
  UP,
  /** It is back after it was down or ejected, and gets a growing part of its share. */
  SLOW_START,
  /** It may be back: one call at a time tries. */
  HALF_OPEN,
  /** It can be reached and does worse than the others, so it gets no calls for a while. */
  EJECTED,
  /** Its {@link HealthCheck}s fail, so it gets no calls. */
  FAILING,
  /** No connection to it can be made, and none is left. */
  DOWN
}
