package io.github.tcppool;

import java.net.SocketException;

/** Says of a message that it was dropped because an {@link Outbox} was full. Never thrown. */
public final class OutboxFullException extends SocketException implements CallFailure {
  private static final long serialVersionUID = 1L;

  /** Creates the reason. */
  public OutboxFullException(String message) {
    super(message);
  }

  @Override
  public FailureDetails details() {
    return FailureDetails.NOTHING_SENT;
  }
}
