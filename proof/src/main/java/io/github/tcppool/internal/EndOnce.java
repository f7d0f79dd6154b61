package io.github.tcppool.internal;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A lease that is returned twice at the same time is returned once. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "by the first")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "by the second")
@State
public class EndOnce {

  private final Ending lease = Ending.make();

  @Actor
  public void first(ZZ_Result r) {
    r.r1 = lease.markEnded() >= 0;
  }

  @Actor
  public void second(ZZ_Result r) {
    r.r2 = lease.markEnded() >= 0;
  }
}
