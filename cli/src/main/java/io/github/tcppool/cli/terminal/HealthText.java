package io.github.tcppool.cli.terminal;

import io.github.tcppool.EndpointHealth;
import io.github.tcppool.HealthSnapshot;
import io.github.tcppool.PoolEvent;
import java.util.Locale;

/** The health of an endpoint, in words. */
public final class HealthText {

  private HealthText() {}

  /** The state: {@code up}, {@code slow start}, {@code half open}, {@code ejected} and so on. */
  public static String of(EndpointHealth state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** What it was, what it became, and why: {@code up -> down: no connection: refused}. */
  public static String of(PoolEvent.HealthChanged changed) {
    return of(changed.from()) + " -> " + of(changed.to()) + ": " + changed.reason();
  }

  /** The state, and of one that warms up its share: {@code slow start 45 %}. */
  public static String of(HealthSnapshot health) {
    String state = of(health.state());
    return health.state() == EndpointHealth.SLOW_START
        ? String.format(Locale.ROOT, "%s %.0f %%", state, 100 * health.share())
        : state;
  }
}
