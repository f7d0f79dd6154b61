package io.github.tcppool.proof.chaos;

/** The short form that is part of every build. */
class OutageSliceTest extends OutageChaos {

  OutageSliceTest() {
    super(Scale.SLICE);
  }
}
