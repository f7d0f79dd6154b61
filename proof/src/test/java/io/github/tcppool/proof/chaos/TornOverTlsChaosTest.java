package io.github.tcppool.proof.chaos;

import org.junit.jupiter.api.Tag;

/** The same, through TLS. */
@Tag("slow")
class TornOverTlsChaosTest extends TornChaos {

  TornOverTlsChaosTest() {
    super(Scale.FULL);
  }

  @Override
  boolean isOverTls() {
    return true;
  }
}
