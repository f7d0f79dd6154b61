package io.github.tcppool;

import java.net.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when no connection could be made within the attempts that the {@link RetryPolicy} allows;
 * the cause is the last failure as the kernel gave it.
 */
public final class ConnectFailedException extends ConnectException implements CallFailure {
  private static final long serialVersionUID = 1L;

  private final FailureDetails details;

  /** Creates the failure with what is known about the message. */
  public ConnectFailedException(String message, FailureDetails details, @Nullable Throwable cause) {
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
