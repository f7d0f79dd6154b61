package io.github.tcppool.internal.engine;

import io.github.tcppool.Endpoint;
import io.github.tcppool.PickOrder;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A connection found in a lane that grows is complete, and is given to one claim only. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "both looked too early")
@Outcome(id = "7, 0", expect = Expect.ACCEPTABLE, desc = "the first got it")
@Outcome(id = "0, 7", expect = Expect.ACCEPTABLE, desc = "the second got it")
@State
public class GrowingLane {

  private final Lane lane = new Lane(Endpoint.of("server", 1), 0);

  @Actor
  public void adder() {
    Word word = new Word();
    word.place(lane, 7, 0, 0);
    lane.add(word);
  }

  @Actor
  public void claimer(JJ_Result r) {
    r.r1 = idOf(lane.claim(true, PickOrder.ROTATE));
    r.r2 = idOf(lane.claim(true, PickOrder.LAST_USED));
  }

  private static long idOf(@Nullable Pooled connection) {
    return connection == null ? 0 : connection.id();
  }
}
