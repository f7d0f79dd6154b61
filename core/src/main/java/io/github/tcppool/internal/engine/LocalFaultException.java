package io.github.tcppool.internal.engine;

import java.io.IOException;

/**
 * A dial that failed for want of something that this machine had to give - a descriptor, a port, an
 * address, memory. It tells nothing of the endpoint.
 */
public final class LocalFaultException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient IOException reason;

  /** For the failure as the system told it. */
  public LocalFaultException(IOException reason) {
    super(reason);
    this.reason = reason;
  }

  /** The failure as the system told it. */
  IOException reason() {
    return reason;
  }
}
