package io.github.tcppool.proof.faults;

import org.junit.jupiter.api.Tag;

/** The same, through TLS. */
@Tag("slow") // its deadlines are short beside the handshakes of a busy machine
class WriteFaultsOverTlsTest extends WriteFaults {

  WriteFaultsOverTlsTest() {
    super(FaultCase.overTls());
  }
}
