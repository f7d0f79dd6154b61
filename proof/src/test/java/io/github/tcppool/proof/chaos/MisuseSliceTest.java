package io.github.tcppool.proof.chaos;

/** The short form that is part of every build. */
class MisuseSliceTest extends MisuseChaos {

  MisuseSliceTest() {
    super(Scale.SLICE);
  }
}
