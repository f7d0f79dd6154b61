package io.github.tcppool.internal.engine;

import io.github.tcppool.EndpointHealth;
import io.github.tcppool.HealthPolicy;
import io.github.tcppool.internal.health.Outliers;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Looks from time to time who stands out among the lanes, by figures that calls leave behind
 * anyway. Under the engine's lock.
 */
final class Judge {

  private static final long RATES_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LATENCY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int SLOW_SECONDS = 3;

  private final Health health;
  private long ratesNanos;
  private long latencyNanos;

  Judge(Health health, long now) {
    this.health = health;
    ratesNanos = now;
    latencyNanos = now;
  }

  void judge(Lane[] lanes, HealthPolicy policy, long now, Effects after) {
    if (now - latencyNanos >= LATENCY_NANOS) {
      latencyNanos = now;
      judgeLatency(lanes, policy.timesSlower(), after);
    }
    if (now - ratesNanos >= RATES_NANOS) {
      ratesNanos = now;
      judgeRates(lanes, policy.successRateSigmas(), after);
    }
  }

  private void judgeRates(Lane[] lanes, double sigmas, Effects after) {
    double[] rates = new double[lanes.length];
    for (int i = 0; i < lanes.length; i++) {
      LaneHealth lane = lanes[i].health;
      long calls = lanes[i].totals.messages(lanes[i]);
      rates[i] = Outliers.rate(calls - lane.judgedCalls, lane.failedCalls - lane.judgedFailed);
      lane.judgedCalls = calls;
      lane.judgedFailed = lane.failedCalls;
    }
    int worst = Outliers.bySuccessRate(rates, sigmas);
    if (worst >= 0) {
      String told = String.format(Locale.ROOT, "%.1f %% of calls succeeded", 100 * rates[worst]);
      health.eject(lanes[worst], told + ", far fewer than elsewhere", after);
    }
  }

  private void judgeLatency(Lane[] lanes, double times, Effects after) {
    long[] nanos = new long[lanes.length];
    for (int i = 0; i < lanes.length; i++) {
      nanos[i] = lanes[i].totals.takeMeanAnswerNanos(lanes[i]);
    }
    for (int i = 0; i < lanes.length; i++) {
      LaneHealth lane = lanes[i].health;
      if (lane.state == EndpointHealth.HALF_OPEN) {
        continue;
      }
      if (nanos[i] == 0) { // late ones may be on their way
        lane.slowSeconds = lanes[i].outstanding() == 0 ? 0 : lane.slowSeconds;
        continue;
      }
      lane.slowSeconds = Outliers.isSlow(nanos, i, times) ? lane.slowSeconds + 1 : 0;
      if (lane.slowSeconds >= SLOW_SECONDS) {
        String told = String.format(Locale.ROOT, "answers take %.1f ms", nanos[i] / 1e6);
        health.eject(lanes[i], told + ", far longer than elsewhere", after);
      }
    }
  }
}
