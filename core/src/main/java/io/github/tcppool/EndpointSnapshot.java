package io.github.tcppool;

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
    long bytesRead) {

  /** All connections that exist or are being made: idle, leased, dialing and closing. */
  public int total() {
    return idle + leased + dialing + closing;
  }
}
