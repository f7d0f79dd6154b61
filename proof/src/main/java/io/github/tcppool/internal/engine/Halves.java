package io.github.tcppool.internal.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A sender and the receiver share a connection: neither keeps the other from its half. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "each has its half")
@State
public class Halves {

  private final Word word = new Word();

  @Actor
  public void sender(ZZ_Result r) {
    r.r1 = word.claimWrite();
  }

  @Actor
  public void receiver(ZZ_Result r) {
    r.r2 = word.claimRead();
  }
}
