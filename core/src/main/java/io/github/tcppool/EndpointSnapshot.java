package io.github.tcppool;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one endpoint of a pool stands.
 *
 * @param endpoint which one
 * @param up false while dials fail through the endpoint's fault and no connection is left that has
 *     proved itself
 * @param idle connections free to be used
 * @param leased connections in use
 * @param dialing connections being made
 * @param closing connections that are being closed and still count against the maximum
 * @param opened connections ever made
 * @param closed connections ever closed, {@code opened - closed = idle + leased + closing}
 * @param dialFailures dials that ever failed
 * @param lastFailure the latest failure to connect, or null
 * @param messages messages and leases served
 * @param bytesWritten bytes that the kernel took
 * @param bytesRead bytes that were read
 * @param picks how often the balancer picked it, for calls and for their retries; a pool with one
 *     endpoint asks no balancer and counts nothing
 * @param load what it has been given to do and has not done yet, as balancers see it: calls that
 *     hold a connection to it or wait for it alone, plus bytes that callers handed over and the
 *     kernel has not taken
 * @param roundTrip how long exchanges with it take: a moving average that rises at once to the
 *     longest and forgets within seconds; zero while nothing was measured
 * @param health whether it is fit for calls, and why
 */
public record EndpointSnapshot(
    Endpoint endpoint,
    boolean up,
    int idle,
    int leased,
    int dialing,
    int closing,
    long opened,
    long closed,
    long dialFailures,
    @Nullable String lastFailure,
    long messages,
    long bytesWritten,
    long bytesRead,
    long picks,
    long load,
    Duration roundTrip,
    HealthSnapshot health) {

  /** All connections that exist or are being made: idle, leased, dialing and closing. */
  public int total() {
    return idle + leased + dialing + closing;
  }
}
