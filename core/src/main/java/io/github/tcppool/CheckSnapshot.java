package io.github.tcppool;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking one endpoint whether it is well: by {@linkplain HealthCheck health checks},
 * and by probes, the dials that look whether an endpoint that is down is back.
 *
 * @param begun health checks that were begun
 * @param passed those that were good
 * @param failed those that were bad; {@code begun - passed - failed} are under way, or told
 *     nothing, as this machine lacked what they needed
 * @param lastFailure why the latest one that told something was bad; null if it was good, or there
 *     was none
 * @param sinceLast how long ago that one ended; null if there was none
 * @param probes probes that have ended, each a connection or a failed dial
 * @param probesFailed those of them that made no connection
 */
public record CheckSnapshot(
    long begun,
    long passed,
    long failed,
    @Nullable String lastFailure,
    @Nullable Duration sinceLast,
    long probes,
    long probesFailed) {}
