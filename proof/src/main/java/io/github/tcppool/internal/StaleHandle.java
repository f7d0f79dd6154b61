package io.github.tcppool.internal;

import java.net.SocketException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** An operation that begins while the lease ends is refused, or known to whoever ends it. */
@JCStressTest
@Outcome(id = "false, 0", expect = Expect.ACCEPTABLE, desc = "the end came first: refused")
@Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "the use came first: severed")
@State
public class StaleHandle {

  private final Ending lease = Ending.make();

  @Actor
  public void use(ZI_Result r) {
    try {
      lease.begin();
      r.r1 = true;
    } catch (SocketException e) {
      r.r1 = false;
    }
  }

  @Actor
  public void end(ZI_Result r) {
    r.r2 = lease.markEnded();
  }
}
