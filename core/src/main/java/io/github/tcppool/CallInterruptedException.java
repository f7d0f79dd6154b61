package io.github.tcppool;

import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the calling thread was interrupted while it waited. The thread's interrupt flag stays
 * set.
 *
 * <p>An interrupt cancels the call of the one who was interrupted; it never counts against an
 * endpoint.
 */
public final class CallInterruptedException extends InterruptedIOException implements CallFailure {
  private static final long serialVersionUID = 1L;

  private final FailureDetails details;

  /** Creates the failure with what is known about the message. */
  public CallInterruptedException(
      String message, FailureDetails details, @Nullable Throwable cause) {
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
