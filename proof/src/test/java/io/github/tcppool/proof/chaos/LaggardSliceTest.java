package io.github.tcppool.proof.chaos;

/** The short form that is part of every build. */
class LaggardSliceTest extends LaggardChaos {

  LaggardSliceTest() {
    super(Scale.SLICE);
  }
}
