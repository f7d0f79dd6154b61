package io.github.tcppool;

import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a request was written whole and its reply did not come whole: end of stream, reset,
 * or bytes that break the framing. {@link #outcome()} is {@link Outcome#UNKNOWN}: the peer may have
 * acted on the request.
 */
public final class ReplyFailedException extends SocketException implements CallFailure {
  private static final long serialVersionUID = 1L;

  private final FailureDetails details;

  /** Creates the failure with what is known about the message. */
  public ReplyFailedException(String message, FailureDetails details, @Nullable Throwable cause) {
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
