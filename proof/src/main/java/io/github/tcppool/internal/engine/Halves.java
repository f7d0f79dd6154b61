package io.github.tcppool.internal.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** A sender and the receiver share a connection, or a dialogue has all of it. */
@JCStressTest
@Outcome(id = "true, true, false", expect = Expect.ACCEPTABLE, desc = "both halves")
@Outcome(id = "false, false, true", expect = Expect.ACCEPTABLE, desc = "the whole")
@State
public class Halves {

  private final Word word = new Word();

  @Actor
  public void sender(ZZZ_Result r) {
    r.r1 = word.claimWrite();
  }

  @Actor
  public void receiver(ZZZ_Result r) {
    r.r2 = word.claimRead();
  }

  @Actor
  public void dialogue(ZZZ_Result r) {
    r.r3 = word.claim();
  }
}
