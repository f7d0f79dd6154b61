package io.github.tcppool.internal.engine;

/**
 * One dial under way.
 *
 * @param lane where to
 * @param begunNanos since when
 */
record Dial(Lane lane, long begunNanos) {}
