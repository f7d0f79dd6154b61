package io.github.tcppool;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How far a failed call got.
 *
 * @param outcome whether the message can have reached the peer
 * @param bytesWritten the bytes of the frame that the kernel took in the last attempt
 * @param attempts the attempts made: connections on which the call began to write, and dials it saw
 *     fail
 * @param endpoint the endpoint of the last attempt, or null if there was none
 */
public record FailureDetails(
    Outcome outcome, long bytesWritten, int attempts, @Nullable Endpoint endpoint)
    implements Serializable {

  /** Nothing was written, and no connection was obtained. */
  public static final FailureDetails NOTHING_SENT =
      new FailureDetails(Outcome.NOT_SENT, 0, 0, null);

  /**
   * The same with nothing written after {@code attempts} attempts, the last one at {@code
   * endpoint}.
   */
  public static FailureDetails notSent(int attempts, @Nullable Endpoint endpoint) {
    return new FailureDetails(Outcome.NOT_SENT, 0, attempts, endpoint);
  }
}
