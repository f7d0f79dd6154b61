package io.github.tcppool.internal.net;

import java.io.IOException;
import java.net.SocketException;

/** The system had no descriptor for a socket or for what waits for it; the peer is not to blame. */
public final class NoDescriptorException extends SocketException {
  private static final long serialVersionUID = 1L;

  /** For the failure as the system told it. */
  public NoDescriptorException(IOException cause) {
    super(cause.getMessage());
    initCause(cause);
  }
}
