package io.github.tcppool.proof.chaos;

/** The short form that is part of every build. */
class CallerSliceTest extends CallerChaos {

  CallerSliceTest() {
    super(Scale.SLICE);
  }
}
