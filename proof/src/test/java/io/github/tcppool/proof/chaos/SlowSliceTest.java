package io.github.tcppool.proof.chaos;

/** The short form that is part of every build. */
class SlowSliceTest extends SlowChaos {

  SlowSliceTest() {
    super(Scale.SLICE);
  }
}
