package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** Of all who may close a connection at the same time, one does. */
@JCStressTest
@Outcome(id = "true, false, false", expect = Expect.ACCEPTABLE, desc = "discarded by the first")
@Outcome(id = "false, true, false", expect = Expect.ACCEPTABLE, desc = "discarded by the second")
@Outcome(id = "false, false, true", expect = Expect.ACCEPTABLE, desc = "closed by its release")
@State
public class CloseOnce {

  private final Word word = new Word();

  /** Owned, and to be closed when it is free. */
  public CloseOnce() {
    boolean unused = word.claim() && word.retire(CloseReason.EVICTED);
  }

  @Actor
  public void first(ZZZ_Result r) {
    r.r1 = word.markClosed();
  }

  @Actor
  public void second(ZZZ_Result r) {
    r.r2 = word.markClosed();
  }

  @Actor
  public void owner(ZZZ_Result r) {
    r.r3 = word.release(true);
  }
}
