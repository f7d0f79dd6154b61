package io.github.tcppool.proof.chaos;

import org.junit.jupiter.api.Tag;

/** At full length and as promised, on a machine that does nothing else. */
@Tag("slow")
class NewcomerChaosTest extends NewcomerChaos {

  NewcomerChaosTest() {
    super(Scale.FULL);
  }
}
