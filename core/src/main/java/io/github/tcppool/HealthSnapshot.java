package io.github.tcppool;

/**
 * What a pool knows of the health of one endpoint.
 *
 * @param state how far it is open to calls
 * @param reason why it is in this state, in words for people
 * @param share the part of its ordinary share of calls that it gets, 0 to 1; one trial at a time
 *     counts as 0
 * @param failuresInRow calls that failed since the last one that did not; such as were under way
 *     together count once
 * @param failedCalls calls that ever failed on one of its connections
 * @param ejections how often it was ejected
 * @param badChecks health checks that were bad since the last good one
 * @param checks what came of all health checks, and of probes while it was down
 */
public record HealthSnapshot(
    EndpointHealth state,
    String reason,
    double share,
    int failuresInRow,
    long failedCalls,
    long ejections,
    int badChecks,
    CheckSnapshot checks) {}
