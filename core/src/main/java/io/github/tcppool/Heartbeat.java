package io.github.tcppool;

import java.time.Duration;
import java.util.Objects;

/**
 * How a pool finds out that an unused connection leads nowhere any more, and keeps firewalls from
 * forgetting it: it asks over the connection itself. Immutable; each method returns a changed one.
 *
 * <p>At most one of eight connections to an endpoint, and at least one, is asked at a time; callers
 * find it leased meanwhile. A connection that does not answer is closed. If it ran into the timeout
 * or answered wrongly, that counts against the endpoint like a call that failed. Heartbeats are no
 * use of a connection: {@code maxIdle} goes on. None are sent while somebody uses {@link
 * TcpPool#receive()}; not for servers that send without being asked.
 */
public final class Heartbeat {

  private final Ping ping;
  private final Duration idle;
  private final Duration timeout;

  private Heartbeat(Ping ping, Duration idle, Duration timeout) {
    this.ping = ping;
    this.idle = idle;
    this.timeout = timeout;
  }

  /** Asks this. */
  public static Heartbeat of(Ping ping) {
    Objects.requireNonNull(ping, "ping must not be null");
    return new Heartbeat(ping, Duration.ofSeconds(30), Duration.ofSeconds(2));
  }

  /**
   * After how long without use, and without a heartbeat, a connection is asked; looked at about
   * once a second. Default 30 s; at least 1 s.
   */
  public Heartbeat idle(Duration time) {
    Duration checked = Require.positive("idle time of heartbeats", time);
    if (checked.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "idle time of heartbeats must be at least 1 s, but was " + time);
    }
    return new Heartbeat(ping, checked, timeout);
  }

  /** How long the answer may take. Default 2 s; at least 1 ms. */
  public Heartbeat timeout(Duration time) {
    return new Heartbeat(ping, idle, Require.positive("timeout of heartbeats", time));
  }

  /** What is asked. */
  public Ping ping() {
    return ping;
  }

  /** After how long without use a connection is asked. */
  public Duration idle() {
    return idle;
  }

  /** How long the answer may take. */
  public Duration timeout() {
    return timeout;
  }

  @Override
  public String toString() {
    return "Heartbeat[idle=" + idle + ", timeout=" + timeout + "]";
  }
}
