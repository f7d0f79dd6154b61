package io.github.tcppool;

import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a call may not wait for a connection: at once when as many do as {@link
 * PoolOptions#maxPending()} allows, and where {@link OverloadPolicy} says so.
 */
public final class PoolExhaustedException extends SocketException implements CallFailure {
  private static final long serialVersionUID = 1L;

  private final FailureDetails details;

  /** Creates the failure with what is known about the message. */
  public PoolExhaustedException(String message, FailureDetails details, @Nullable Throwable cause) {
    super(message);
    this.details = details;
    if (cause != null) {
      initCause(cause);
    }
  }

  @Override
  public FailureDetails details() {
    return details;
  }
}
