package io.github.tcppool.internal.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** What an owner wrote before its release is seen by the next owner. */
@JCStressTest
@Outcome(id = "false, 0", expect = Expect.ACCEPTABLE, desc = "not free yet")
@Outcome(id = "true, 42", expect = Expect.ACCEPTABLE, desc = "all of it")
@State
public class NextOwnerSees {

  private final Word word = new Word();

  /** Owned by the first. */
  public NextOwnerSees() {
    boolean unused = word.claim();
  }

  @Actor
  public void owner() {
    word.left = 42;
    boolean unused = word.release(true);
  }

  @Actor
  public void next(ZI_Result r) {
    r.r1 = word.claim();
    r.r2 = r.r1 ? word.left : 0;
  }
}
