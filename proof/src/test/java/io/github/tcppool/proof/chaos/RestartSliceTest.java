package io.github.tcppool.proof.chaos;

/** The short form that is part of every build. */
class RestartSliceTest extends RestartChaos {

  RestartSliceTest() {
    super(Scale.SLICE);
  }
}
