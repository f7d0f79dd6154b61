package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Of two owners of a retiring connection, whoever lets go last closes it. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the sender was last")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the receiver was last")
@State
public class LastHalfCloses {

  private final Word word = new Word();

  /** Both halves are owned, and it is to go. */
  public LastHalfCloses() {
    boolean unused = word.claim() && word.retire(CloseReason.EVICTED);
  }

  @Actor
  public void sender(ZZ_Result r) {
    r.r1 = word.release(false);
  }

  @Actor
  public void receiver(ZZ_Result r) {
    r.r2 = word.dropReadHalf();
  }
}
