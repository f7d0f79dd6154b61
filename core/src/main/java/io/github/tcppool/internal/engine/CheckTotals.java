package io.github.tcppool.internal.engine;

import io.github.tcppool.CheckSnapshot;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of the health checks and probes of one lane. Guarded by the engine's lock. */
final class CheckTotals {

  private long begun;
  private long passed;
  private long failed;
  private @Nullable String lastFailure;
  private long lastNanos;
  private long probes;
  private long probesFailed;

  void begun() {
    begun++;
  }

  /** A check told something; without a failure it was good. */
  void told(@Nullable IOException failure, long now) {
    passed += failure == null ? 1 : 0;
    failed += failure == null ? 0 : 1;
    lastFailure = failure == null ? null : failure.toString();
    lastNanos = now;
  }

  /** A dial to a lane that was down has ended. */
  void probed(boolean connected) {
    probes++;
    probesFailed += connected ? 0 : 1;
  }

  CheckSnapshot snapshot(long now) {
    boolean any = passed + failed > 0;
    return new CheckSnapshot(
        begun,
        passed,
        failed,
        lastFailure,
        any ? Duration.ofNanos(Math.max(0, now - lastNanos)) : null,
        probes,
        probesFailed);
  }
}
