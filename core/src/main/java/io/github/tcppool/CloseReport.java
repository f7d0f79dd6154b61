package io.github.tcppool;

import java.time.Duration;

/**
 * What closing a pool did.
 *
 * @param took the time it took
 * @param drained the connections closed in an orderly way
 * @param forced the connections cut although they were leased or their peer had not finished
 * @param failedCalls the waiting callers that were turned away
 */
public record CloseReport(Duration took, long drained, long forced, long failedCalls) {

  /** Whether nothing had to be forced. */
  public boolean isClean() {
    return forced == 0 && failedCalls == 0;
  }
}
