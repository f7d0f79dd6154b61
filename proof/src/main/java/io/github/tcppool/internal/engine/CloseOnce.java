package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Of all who may close a connection at the same time, one does. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "discarded")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "closed by its release")
@State
public class CloseOnce {

  private final Word word = new Word();

  /** Owned, and to be closed when it is free. */
  public CloseOnce() {
    boolean unused = word.claim() && word.retire(CloseReason.EVICTED);
  }

  @Actor
  public void discarder(ZZ_Result r) {
    r.r1 = word.markClosed();
  }

  @Actor
  public void owner(ZZ_Result r) {
    r.r2 = word.release(true);
  }
}
