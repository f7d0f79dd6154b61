package io.github.tcppool.internal.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Of two callers who claim an idle connection, one gets it. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the first")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the second")
@State
public class ClaimOnce {

  private final Word word = new Word();

  @Actor
  public void first(ZZ_Result r) {
    r.r1 = word.claim();
  }

  @Actor
  public void second(ZZ_Result r) {
    r.r2 = word.claim();
  }
}
