package io.github.tcppool.proof.chaos;

import org.junit.jupiter.api.Tag;

/** The same, through TLS. */
@Tag("slow")
class CallerOverTlsChaosTest extends CallerChaos {

  CallerOverTlsChaosTest() {
    super(Scale.FULL);
  }

  @Override
  boolean isOverTls() {
    return true;
  }
}
