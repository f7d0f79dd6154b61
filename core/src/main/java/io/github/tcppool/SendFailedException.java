package io.github.tcppool;

import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a message could not be written whole. {@link #outcome()} is {@link Outcome#NOT_SENT}
 * or {@link Outcome#PARTIAL}; in the second case the connection was reset, so that the peer cannot
 * take the torn message for a whole one.
 */
public final class SendFailedException extends SocketException implements CallFailure {
  private static final long serialVersionUID = 1L;

  private final FailureDetails details;

  /** Creates the failure with what is known about the message. */
  public SendFailedException(String message, FailureDetails details, @Nullable Throwable cause) {
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
