package io.github.tcppool;

/**
 * What the endpoints had done together that are not in the pool any more; all their connections are
 * closed.
 *
 * @param endpoints how many they were; one that left twice counts twice
 * @param opened connections ever made, all of them closed
 * @param dialFailures dials that failed
 * @param messages messages and leases served
 * @param bytesWritten bytes that the kernel took
 * @param bytesRead bytes that were read
 */
public record DepartedTotals(
    long endpoints,
    long opened,
    long dialFailures,
    long messages,
    long bytesWritten,
    long bytesRead) {

  /** Of no endpoint. */
  public static final DepartedTotals NONE = new DepartedTotals(0, 0, 0, 0, 0, 0);

  /** With one endpoint more, whose last connection was closed. */
  public DepartedTotals plus(EndpointSnapshot endpoint) {
    return new DepartedTotals(
        endpoints + 1,
        opened + endpoint.opened(),
        dialFailures + endpoint.dialFailures(),
        messages + endpoint.messages(),
        bytesWritten + endpoint.bytesWritten(),
        bytesRead + endpoint.bytesRead());
  }
}
