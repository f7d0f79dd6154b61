package io.github.tcppool.proof.chaos;

/** The short form that is part of every build. */
class NemesisSliceTest extends NemesisChaos {

  NemesisSliceTest() {
    super(Scale.SLICE);
  }
}
