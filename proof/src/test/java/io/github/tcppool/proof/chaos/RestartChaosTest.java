package io.github.tcppool.proof.chaos;

import io.github.tcppool.HealthPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** At full length and as promised, on a machine that does nothing else. */
@Tag("slow")
class RestartChaosTest extends RestartChaos {

  RestartChaosTest() {
    super(Scale.FULL);
  }

  /** Then they have their shares two seconds after the last one is back. */
  @Test
  void serversAreRestartedOneAfterTheOtherAndWarmUpInASecond() throws Exception {
    restartEach(HealthPolicy.defaults().slowStart(Duration.ofSeconds(1)), Duration.ZERO);
  }
}
