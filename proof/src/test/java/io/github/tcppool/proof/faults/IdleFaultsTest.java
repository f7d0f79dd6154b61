package io.github.tcppool.proof.faults;

/** In clear. */
class IdleFaultsTest extends IdleFaults {

  IdleFaultsTest() {
    super(new FaultCase());
  }
}
