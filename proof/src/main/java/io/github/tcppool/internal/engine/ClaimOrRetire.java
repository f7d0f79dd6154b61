package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** A connection that is retired while it is claimed is closed by exactly one of the two. */
@JCStressTest
@Outcome(
    id = "true, false, true",
    expect = Expect.ACCEPTABLE,
    desc = "claimed first: closed by its release")
@Outcome(
    id = "false, true, false",
    expect = Expect.ACCEPTABLE,
    desc = "retired first: closed at once")
@State
public class ClaimOrRetire {

  private final Word word = new Word();

  @Actor
  public void caller(ZZZ_Result r) {
    r.r1 = word.claim();
  }

  @Actor
  public void retirer(ZZZ_Result r) {
    r.r2 = word.retire(CloseReason.EVICTED);
  }

  @Arbiter
  public void release(ZZZ_Result r) {
    r.r3 = r.r1 && word.release(true);
  }
}
