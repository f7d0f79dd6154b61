package io.github.tcppool.internal.engine;

import io.github.tcppool.HealthCheck;
import io.github.tcppool.HealthPolicy;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.RetryPolicy;
import java.time.Duration;
import java.util.SplittableRandom;

/** What the pool of a {@link RandomRun} may be told, before and while it lives. */
final class RandomOptions {

  private RandomOptions() {}

  static PoolOptions next(SplittableRandom random, PoolOptions before) {
    int max = 1 + random.nextInt(5);
    return before.toBuilder()
        .connections(random.nextInt(max + 1), max)
        .maxTotalConnections(Math.max(max, random.nextInt(1, 3 * max + 1)))
        .maxDials(1 + random.nextInt(3))
        .maxPending(1 + random.nextInt(8))
        .maxIdle(Duration.ofMillis(random.nextInt(2) * 500L))
        .maxLifetime(Duration.ofSeconds(random.nextInt(3) * 5L))
        .health(health(random))
        .retry(RetryPolicy.attempts(1 + random.nextInt(4)))
        .build();
  }

  private static HealthPolicy health(SplittableRandom random) {
    HealthPolicy policy =
        HealthPolicy.defaults()
            .failuresInRow(random.nextInt(4))
            .ejection(Duration.ofSeconds(random.nextInt(4)))
            .slowStart(Duration.ofSeconds(random.nextInt(3)))
            .failFast(random.nextInt(8) == 0);
    return random.nextBoolean()
        ? policy
        : policy.check(
            HealthCheck.connectOnly()
                .interval(Duration.ofMillis(10 + random.nextInt(2_000)))
                .rise(1 + random.nextInt(2))
                .fall(1 + random.nextInt(2)));
  }
}
