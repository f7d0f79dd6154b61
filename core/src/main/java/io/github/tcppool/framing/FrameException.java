package io.github.tcppool.framing;

import java.net.ProtocolException;

/**
 * Thrown when bytes from a peer do not follow the {@link Framing}: too long, malformed, or cut by
 * the end of the stream.
 *
 * <p>The connection that carried them is closed: a stream whose frames cannot be told apart any
 * more is never read on.
 */
public final class FrameException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure; {@code message} names the rule that was broken and the value that broke
   * it.
   */
  public FrameException(String message) {
    super(message);
  }
}
