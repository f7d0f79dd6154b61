package io.github.tcppool.internal.engine;

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
        .retry(RetryPolicy.attempts(1 + random.nextInt(4)))
        .build();
  }
}
