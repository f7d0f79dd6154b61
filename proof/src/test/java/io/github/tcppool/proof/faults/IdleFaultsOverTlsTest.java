package io.github.tcppool.proof.faults;

/** The same, through TLS. */
class IdleFaultsOverTlsTest extends IdleFaults {

  IdleFaultsOverTlsTest() {
    super(FaultCase.overTls());
  }
}
