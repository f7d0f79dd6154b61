package io.github.tcppool.internal.engine;

import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PoolClosedException;
import java.io.IOException;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The part of the engine that never blocks, against a specification for one thread: whatever
 * threads do at once has the results of some order one after the other.
 */
@Tag("interleavings")
@Tag("slow")
class LinearizabilityTest {

  private static final int SCENARIOS = Integer.getInteger("tcppool.scenarios", 5);
  private static final int WAYS = Integer.getInteger("tcppool.interleavings", 25);

  @Test
  void oneConnectionIsLikeAPoolForOneThread() {
    check(OfOne.class, SpecificationOfOne.class);
  }

  @Test
  void twoConnectionsAreLikeAPoolForOneThread() {
    check(OfTwo.class, SpecificationOfTwo.class);
  }

  private static void check(Class<?> engine, Class<?> specification) {
    new ModelCheckingOptions()
        .iterations(SCENARIOS)
        .invocationsPerIteration(WAYS)
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(0)
        .actorsAfter(1)
        .sequentialSpecification(specification)
        .check(engine);
  }

  /** The engine; every thread holds one connection at most. */
  abstract static class Subject {
    private final Bench bench;
    private final FakeConnection[] held = new FakeConnection[8];

    Subject(int max) throws IOException {
      bench = Bench.filled(max);
    }

    @Operation
    public String tryAcquire(@Param(gen = ThreadIdGen.class) int thread) throws IOException {
      if (held[thread] != null) {
        return "holds one";
      }
      try {
        held[thread] = bench.tryAcquire();
        return held[thread] == null ? "none" : "got one";
      } catch (PoolClosedException e) {
        return "closed";
      }
    }

    @Operation
    public boolean release(@Param(gen = ThreadIdGen.class) int thread) {
      FakeConnection mine = held[thread];
      held[thread] = null;
      if (mine != null) {
        bench.release(mine);
      }
      return mine != null;
    }

    @Operation
    public boolean discard(@Param(gen = ThreadIdGen.class) int thread) {
      FakeConnection mine = held[thread];
      held[thread] = null;
      if (mine != null) {
        bench.discard(mine);
      }
      return mine != null;
    }

    @Operation
    public void evict() {
      bench.engine.closings().evict(endpoint -> true);
    }

    @Operation
    public void close() {
      int unused = bench.engine.closings().shut();
    }

    @Operation
    public int open() {
      EndpointSnapshot lane = bench.engine.closings().endpoints().get(0);
      return lane.idle() + lane.leased();
    }
  }

  /** An engine with one connection. */
  public static class OfOne extends Subject {
    public OfOne() throws IOException {
      super(1);
    }
  }

  /** An engine with two. */
  public static class OfTwo extends Subject {
    public OfTwo() throws IOException {
      super(2);
    }
  }

  /** A pool for one thread: so many idle connections, and who holds one that stays or goes. */
  abstract static class Specification {
    private static final int STAYS = 1;
    private static final int GOES = 2;

    private int idle;
    private boolean closed;
    private final int[] held = new int[8];

    Specification(int idle) {
      this.idle = idle;
    }

    public String tryAcquire(int thread) {
      if (held[thread] != 0) {
        return "holds one";
      }
      if (idle == 0) {
        return closed ? "closed" : "none";
      }
      idle--;
      held[thread] = STAYS;
      return "got one";
    }

    public boolean release(int thread) {
      idle += held[thread] == STAYS ? 1 : 0;
      return discard(thread);
    }

    public boolean discard(int thread) {
      boolean had = held[thread] != 0;
      held[thread] = 0;
      return had;
    }

    public void evict() {
      idle = 0;
      for (int i = 0; i < held.length; i++) {
        held[i] = held[i] == 0 ? 0 : GOES;
      }
    }

    public void close() {
      evict();
      closed = true;
    }

    public int open() {
      int open = idle;
      for (int state : held) {
        open += state == 0 ? 0 : 1;
      }
      return open;
    }
  }

  /** With one idle connection. */
  public static class SpecificationOfOne extends Specification {
    public SpecificationOfOne() {
      super(1);
    }
  }

  /** With two. */
  public static class SpecificationOfTwo extends Specification {
    public SpecificationOfTwo() {
      super(2);
    }
  }
}
