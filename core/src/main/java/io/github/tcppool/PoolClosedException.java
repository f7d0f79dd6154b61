package io.github.tcppool;

import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by every call on a closed pool, and by calls that were under way when it closed and could
 * not finish within the drain.
 */
public final class PoolClosedException extends SocketException implements CallFailure {
  private static final long serialVersionUID = 1L;

  private final FailureDetails details;

  /** Creates the failure with what is known about the message. */
  public PoolClosedException(String message, FailureDetails details, @Nullable Throwable cause) {
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
