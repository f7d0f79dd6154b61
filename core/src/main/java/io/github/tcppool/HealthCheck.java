package io.github.tcppool;

import java.time.Duration;
import java.util.Objects;

/**
 * How a pool asks every endpoint from time to time whether it is well, whether there are calls or
 * not. Immutable; each method returns a changed one.
 *
 * <pre>{@code
 * HealthPolicy.defaults().check(HealthCheck.of(ping).interval(Duration.ofSeconds(2)))
 * }</pre>
 *
 * <p>Each check makes a connection of its own, which no call uses and which does not count against
 * the maximum, has the connect hook prepare it, asks, and closes it. The first check of an endpoint
 * decides alone, and so does the first good one; later ones decide by {@link #rise} and {@link
 * #fall}. An endpoint whose checks fail is {@link EndpointHealth#FAILING}: it gets no calls, unless
 * less than half of the endpoints would be left.
 */
public final class HealthCheck {

  private final Ping ping;
  private final Duration interval;
  private final Duration timeout;
  private final int rise;
  private final int fall;

  private HealthCheck(Ping ping, Duration interval, Duration timeout, int rise, int fall) {
    this.ping = ping;
    this.interval = interval;
    this.timeout = timeout;
    this.rise = rise;
    this.fall = fall;
  }

  /** Whether a connection can be made, and nothing more. */
  public static HealthCheck connectOnly() {
    return of(Ping.nothing());
  }

  /** Whether the server answers this. */
  public static HealthCheck of(Ping ping) {
    Objects.requireNonNull(ping, "ping must not be null");
    return new HealthCheck(ping, Duration.ofSeconds(5), Duration.ofSeconds(2), 2, 3);
  }

  /**
   * The time between two checks of an endpoint, give or take a tenth at random. Default 5 s; at
   * least 10 ms.
   */
  public HealthCheck interval(Duration time) {
    Duration checked = Require.positive("interval of health checks", time);
    if (checked.toMillis() < 10) {
      throw new IllegalArgumentException(
          "interval of health checks must be at least 10 ms, but was " + time);
    }
    return new HealthCheck(ping, checked, timeout, rise, fall);
  }

  /**
   * How long one check may take in all: the dial, the hook, the answer. Default 2 s; at least 1 ms.
   */
  public HealthCheck timeout(Duration time) {
    return new HealthCheck(
        ping, interval, Require.positive("timeout of health checks", time), rise, fall);
  }

  /** How many checks in a row must be good for the endpoint to get calls again. Default 2. */
  public HealthCheck rise(int checks) {
    return new HealthCheck(ping, interval, timeout, Require.atLeast("rise", checks, 1), fall);
  }

  /** How many checks in a row must be bad for the endpoint to get no more calls. Default 3. */
  public HealthCheck fall(int checks) {
    return new HealthCheck(ping, interval, timeout, rise, Require.atLeast("fall", checks, 1));
  }

  /** What is asked. */
  public Ping ping() {
    return ping;
  }

  /** The time between two checks. */
  public Duration interval() {
    return interval;
  }

  /** How long one check may take. */
  public Duration timeout() {
    return timeout;
  }

  /** How many good checks bring calls back. */
  public int rise() {
    return rise;
  }

  /** How many bad checks take calls away. */
  public int fall() {
    return fall;
  }

  @Override
  public String toString() {
    return "HealthCheck[interval="
        + interval
        + ", timeout="
        + timeout
        + ", rise="
        + rise
        + ", fall="
        + fall
        + "]";
  }
}
