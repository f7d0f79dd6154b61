package io.github.tcppool;

import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a call's deadline passed, or a timeout inside it: while it waited for a connection,
 * wrote, or waited for the reply. {@link #outcome()} tells which.
 *
 * <p>After a wait for a connection the message tells the pool, the time waited and the numbers of
 * idle, leased, dialing and waiting; the cause is the last failure to connect, if there was one.
 */
public final class CallTimeoutException extends SocketTimeoutException implements CallFailure {
  private static final long serialVersionUID = 1L;

  private final FailureDetails details;

  /** Creates the failure with what is known about the message. */
  public CallTimeoutException(String message, FailureDetails details, @Nullable Throwable cause) {
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
