package io.github.tcppool.proof.chaos;

/** The short form that is part of every build. */
class StaleSliceTest extends StaleChaos {

  StaleSliceTest() {
    super(Scale.SLICE);
  }
}
