package io.github.tcppool.proof.chaos;

/** The short form that is part of every build. */
class WantSliceTest extends WantChaos {

  WantSliceTest() {
    super(Scale.SLICE);
  }
}
