package io.github.tcppool.proof.chaos;

/** The short form that is part of every build. */
class TornSliceTest extends TornChaos {

  TornSliceTest() {
    super(Scale.SLICE);
  }
}
