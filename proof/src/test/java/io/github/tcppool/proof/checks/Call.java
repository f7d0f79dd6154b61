package io.github.tcppool.proof.checks;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call that has ended.
 *
 * @param verb which way
 * @param message what it brought
 * @param idempotent whether the message may be received twice
 * @param allowed the time it had
 * @param startedNanos when it began, in {@code System.nanoTime()}
 * @param endedNanos when it had ended
 * @param ending how
 * @param failure what it threw, or null
 */
public record Call(
    Verb verb,
    Message message,
    boolean idempotent,
    Duration allowed,
    long startedNanos,
    long endedNanos,
    Ending ending,
    @Nullable Throwable failure) {

  /** How long it took. */
  public Duration took() {
    return Duration.ofNanos(endedNanos - startedNanos);
  }

  /** Whether it did what it was to do. */
  public boolean succeeded() {
    return ending == Ending.CONFIRMED || ending == Ending.WRITTEN;
  }

  @Override
  public String toString() {
    return verb
        + " "
        + message
        + " "
        + ending
        + " after "
        + took().toMillis()
        + " ms"
        + (failure == null ? "" : ": " + failure);
  }
}
