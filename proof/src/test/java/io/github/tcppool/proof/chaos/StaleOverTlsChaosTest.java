package io.github.tcppool.proof.chaos;

import org.junit.jupiter.api.Tag;

/** The same, through TLS. */
@Tag("slow")
class StaleOverTlsChaosTest extends StaleChaos {

  StaleOverTlsChaosTest() {
    super(Scale.FULL);
  }

  @Override
  boolean isOverTls() {
    return true;
  }
}
