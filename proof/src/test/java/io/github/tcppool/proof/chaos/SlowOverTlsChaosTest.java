package io.github.tcppool.proof.chaos;

import org.junit.jupiter.api.Tag;

/** The same, through TLS. */
@Tag("slow")
class SlowOverTlsChaosTest extends SlowChaos {

  SlowOverTlsChaosTest() {
    super(Scale.FULL);
  }

  @Override
  boolean isOverTls() {
    return true;
  }
}
