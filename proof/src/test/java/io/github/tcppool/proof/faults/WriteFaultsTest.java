package io.github.tcppool.proof.faults;

/** In clear. */
class WriteFaultsTest extends WriteFaults {

  WriteFaultsTest() {
    super(new FaultCase());
  }
}
