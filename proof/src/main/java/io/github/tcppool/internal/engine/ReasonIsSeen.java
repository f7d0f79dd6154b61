package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** Whoever closes a retiring connection sees why it retired. */
@JCStressTest
@Outcome(id = "false, ANY", expect = Expect.ACCEPTABLE, desc = "closed by the one who retired it")
@Outcome(id = "true, LIFETIME", expect = Expect.ACCEPTABLE, desc = "closed by its owner")
@State
public class ReasonIsSeen {

  private final Word word = new Word();

  /** Owned. */
  public ReasonIsSeen() {
    boolean unused = word.claim();
  }

  @Actor
  public void retirer() {
    boolean unused = word.retire(CloseReason.LIFETIME);
  }

  @Actor
  public void owner(ZL_Result r) {
    r.r1 = word.release(true);
    r.r2 = r.r1 ? word.retireReason() : "ANY";
  }
}
