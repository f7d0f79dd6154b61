package io.github.tcppool.proof.chaos;

/** The short form that is part of every build. */
class NewcomerSliceTest extends NewcomerChaos {

  NewcomerSliceTest() {
    super(Scale.SLICE);
  }
}
