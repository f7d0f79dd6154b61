package io.github.tcppool.internal.engine;

/**
 * One dial under way.
 *
 * @param lane where to
 * @param begunNanos since when
 * @param evictions how often the lane had been evicted by then
 */
record Dial(Lane lane, long begunNanos, int evictions) {}
