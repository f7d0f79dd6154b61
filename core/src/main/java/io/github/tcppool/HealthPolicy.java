package io.github.tcppool;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a pool stays away from an endpoint, and how it comes back. Immutable; each method returns a
 * changed policy.
 *
 * <pre>{@code
 * HealthPolicy.defaults().failuresInRow(3).slowStart(Duration.ofSeconds(30))
 * }</pre>
 *
 * <p>An endpoint to which no connection can be made is <em>down</em>: it gets no calls, and one
 * dial at a time looks whether it is back. One that can be reached and does worse than the others -
 * by failures in a row, by the part of calls that succeed, by latency - is <em>ejected</em>: it
 * gets no calls for 30 s times the number of its ejections, at most five minutes. At most a tenth
 * of the endpoints are ejected at a time, but one may always be; and when less than half of all
 * endpoints would be left, ejections are disregarded. What comes back gets one trial, then a
 * growing share. In a pool with one endpoint nothing is ever ejected.
 *
 * <p>The rules and figures are those of Envoy's outlier detection, where it has them.
 */
public final class HealthPolicy {

  private static final HealthPolicy DEFAULTS = new HealthPolicy();

  private Duration probeFirst = Duration.ofMillis(100);
  private Duration probeMax = Duration.ofSeconds(30);
  private int failuresInRow = 5;
  private double successRateSigmas = 1.9;
  private double timesSlower = 5;
  private Duration ejection = Duration.ofSeconds(30);
  private Duration slowStart = Duration.ofSeconds(10);
  private boolean failFast;
  private @Nullable HealthCheck check;
  private @Nullable Heartbeat heartbeat;

  private HealthPolicy() {}

  private HealthPolicy(HealthPolicy from) {
    probeFirst = from.probeFirst;
    probeMax = from.probeMax;
    failuresInRow = from.failuresInRow;
    successRateSigmas = from.successRateSigmas;
    timesSlower = from.timesSlower;
    ejection = from.ejection;
    slowStart = from.slowStart;
    failFast = from.failFast;
    check = from.check;
    heartbeat = from.heartbeat;
  }

  /** As each method says. */
  public static HealthPolicy defaults() {
    return DEFAULTS;
  }

  /**
   * How long to wait between dials to an endpoint that is down while others serve the callers:
   * doubling from {@code first} to {@code max}, then up to half of it, at random, taken away.
   * Default 100 ms and 30 s; {@code first} at least 1 ms, {@code max} not below it. Lower the
   * maximum to find a server sooner that was away for long; many clients then meet there.
   *
   * <p>While callers wait and no other endpoint can serve them, {@link RetryPolicy#backoff()} is in
   * force instead.
   */
  public HealthPolicy probes(Duration first, Duration max) {
    HealthPolicy changed = new HealthPolicy(this);
    changed.probeFirst = Require.positive("first probe", first);
    changed.probeMax = Require.positive("max probe", max);
    if (changed.probeMax.compareTo(changed.probeFirst) < 0) {
      throw new IllegalArgumentException(
          "max probe must be at least first probe (" + first + "), but was " + max);
    }
    return changed;
  }

  /**
   * How many calls in a row must fail on connections to an endpoint for it to be ejected. Such as
   * were under way together count once, unless they timed out. Default 5; 0 for never.
   */
  public HealthPolicy failuresInRow(int calls) {
    HealthPolicy changed = new HealthPolicy(this);
    changed.failuresInRow = Require.atLeast("failuresInRow", calls, 0);
    return changed;
  }

  /**
   * How far below the mean of all endpoints the part of calls that succeed may be, in standard
   * deviations, before an endpoint is ejected. Looked at every 10 s, among endpoints with at least
   * 100 calls in that time, if there are 5 of them. Default 1.9; 0 for never.
   */
  public HealthPolicy successRateSigmas(double sigmas) {
    HealthPolicy changed = new HealthPolicy(this);
    changed.successRateSigmas = zeroOrAtLeast("successRateSigmas", sigmas, 0.1);
    return changed;
  }

  /**
   * How many times slower than the median of the others an endpoint may answer before it is
   * ejected: by the mean round trip of exchanges, in each of three seconds, and by more than 10 ms.
   * Default 5; at least 1.1, or 0 for never.
   */
  public HealthPolicy timesSlower(double factor) {
    HealthPolicy changed = new HealthPolicy(this);
    changed.timesSlower = zeroOrAtLeast("timesSlower", factor, 1.1);
    return changed;
  }

  private static double zeroOrAtLeast(String name, double value, double least) {
    if (value != 0 && !(value >= least && value <= 1e6)) {
      throw new IllegalArgumentException(
          name + " must be 0, or " + least + " to 1000000, but was " + value);
    }
    return value;
  }

  /**
   * How long an endpoint is ejected the first time; the second time twice as long, and so on up to
   * ten times. Default 30 s; 0 never ejects.
   */
  public HealthPolicy ejection(Duration time) {
    HealthPolicy changed = new HealthPolicy(this);
    changed.ejection = Require.notNegative("ejection", time);
    return changed;
  }

  /**
   * Over how long an endpoint that is back gets its share again, of calls and of connections, while
   * another one is up. Never when a pool starts. Default 10 s; 0 for at once.
   */
  public HealthPolicy slowStart(Duration time) {
    HealthPolicy changed = new HealthPolicy(this);
    changed.slowStart = Require.notNegative("slowStart", time);
    return changed;
  }

  /**
   * Whether calls fail at once with {@link ConnectFailedException} while every endpoint that could
   * serve them is down, instead of waiting for one until their deadline. Those that wait when the
   * last one goes down fail then; outboxes keep what they have. Probes go on, and while there are
   * calls at the pace of {@link RetryPolicy#backoff()}, as if those waited. Default false.
   */
  public HealthPolicy failFast(boolean value) {
    HealthPolicy changed = new HealthPolicy(this);
    changed.failFast = value;
    return changed;
  }

  /** Has every endpoint checked from time to time. Default: none is. */
  public HealthPolicy check(HealthCheck check) {
    HealthPolicy changed = new HealthPolicy(this);
    changed.check = Objects.requireNonNull(check, "check must not be null");
    return changed;
  }

  /** Has unused connections asked whether they still lead anywhere. Default: none is. */
  public HealthPolicy heartbeat(Heartbeat heartbeat) {
    HealthPolicy changed = new HealthPolicy(this);
    changed.heartbeat = Objects.requireNonNull(heartbeat, "heartbeat must not be null");
    return changed;
  }

  /** How endpoints are checked, or null if they are not. */
  public @Nullable HealthCheck check() {
    return check;
  }

  /** How unused connections are asked, or null if they are not. */
  public @Nullable Heartbeat heartbeat() {
    return heartbeat;
  }

  /** The wait before the first probe, before jitter. */
  public Duration probeFirst() {
    return probeFirst;
  }

  /** The longest wait between probes, before jitter. */
  public Duration probeMax() {
    return probeMax;
  }

  /** How many failures in a row eject; 0 for never. */
  public int failuresInRow() {
    return failuresInRow;
  }

  /** How many standard deviations below the mean eject; 0 for never. */
  public double successRateSigmas() {
    return successRateSigmas;
  }

  /** How many times slower than the others ejects; 0 for never. */
  public double timesSlower() {
    return timesSlower;
  }

  /** How long the first ejection lasts; zero for none. */
  public Duration ejection() {
    return ejection;
  }

  /** How long a slow start takes; zero for none. */
  public Duration slowStart() {
    return slowStart;
  }

  /** Whether calls fail at once while every endpoint is down. */
  public boolean failFast() {
    return failFast;
  }

  @Override
  public String toString() {
    return "HealthPolicy[probes "
        + probeFirst
        + " to "
        + probeMax
        + ", failuresInRow="
        + failuresInRow
        + ", successRateSigmas="
        + successRateSigmas
        + ", timesSlower="
        + timesSlower
        + ", ejection="
        + ejection
        + ", slowStart="
        + slowStart
        + ", failFast="
        + failFast
        + ", check="
        + check
        + ", heartbeat="
        + heartbeat
        + "]";
  }
}
