package io.github.tcppool;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is particular to one call: its time, its key, and whether it may be repeated.
 *
 * <p>Immutable; keep one in a constant and pass it to every call of a kind.
 *
 * <pre>{@code
 * private static final CallOptions QUERY = CallOptions.within(Duration.ofSeconds(2)).idempotent();
 * }</pre>
 */
public final class CallOptions {

  private static final CallOptions DEFAULTS = new CallOptions(null, null, false);

  private final @Nullable Duration deadline;
  private final @Nullable Object key;
  private final boolean idempotent;
  private final long deadlineNanos;

  private CallOptions(@Nullable Duration deadline, @Nullable Object key, boolean idempotent) {
    this.deadline = deadline;
    this.key = key;
    this.idempotent = idempotent;
    this.deadlineNanos = deadline == null ? -1 : deadline.toNanos();
  }

  /** The pool's {@link PoolOptions#callTimeout()}, no key, not idempotent. */
  public static CallOptions defaults() {
    return DEFAULTS;
  }

  /**
   * A call that ends within this time from its start, through all its waits and attempts.
   *
   * @throws IllegalArgumentException if the time is negative; zero means: only if it works without
   *     any wait
   */
  public static CallOptions within(Duration time) {
    return DEFAULTS.withDeadline(time);
  }

  /** The same options with another time, as in {@link #within}. */
  public CallOptions withDeadline(Duration time) {
    return new CallOptions(Require.notNegative("deadline", time), key, idempotent);
  }

  /** The same options with a key, by which a balancer may choose the endpoint. */
  public CallOptions key(Object newKey) {
    return new CallOptions(
        deadline, Objects.requireNonNull(newKey, "key must not be null"), idempotent);
  }

  /** The same options, and the peer may get the message twice without harm. */
  public CallOptions idempotent() {
    return new CallOptions(deadline, key, true);
  }

  /** The time for the whole call, or null for the pool's default. */
  public @Nullable Duration deadline() {
    return deadline;
  }

  /** The key, or null. */
  public @Nullable Object key() {
    return key;
  }

  /** Whether the message may be sent again although the peer may have got it. */
  public boolean isIdempotent() {
    return idempotent;
  }

  /**
   * The time for the whole call in nanoseconds, or {@code defaultNanos} if none was set. Allocates
   * nothing.
   */
  public long deadlineNanos(long defaultNanos) {
    return deadlineNanos < 0 ? defaultNanos : deadlineNanos;
  }

  @Override
  public String toString() {
    return "CallOptions[deadline="
        + deadline
        + ", key="
        + (key == null ? "none" : "set")
        + ", idempotent="
        + idempotent
        + "]";
  }
}
