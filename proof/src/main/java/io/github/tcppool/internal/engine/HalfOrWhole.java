package io.github.tcppool.internal.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A sender has half of a connection or a dialogue has all of it. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "half")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the whole")
@State
public class HalfOrWhole {

  private final Word word = new Word();

  @Actor
  public void sender(ZZ_Result r) {
    r.r1 = word.claimWrite();
  }

  @Actor
  public void dialogue(ZZ_Result r) {
    r.r2 = word.claim();
  }
}
