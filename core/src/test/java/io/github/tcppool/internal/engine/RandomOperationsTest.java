package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CloseReason;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.RetryPolicy;
import io.github.tcppool.balance.Balancer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Does anything in any order and looks at the books after every step. */
class RandomOperationsTest {

  private static final int STEPS = 5_000;

  private Random random;
  private Rig rig;
  private final List<FakeConnection> held = new ArrayList<>();
  private final Map<Caller, Integer> waiting = new LinkedHashMap<>();
  private int[] totals;
  private String last = "start";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theBooksAreRightAfterEveryStep(int endpoints) {
    run(endpoints, 20_261_123L + endpoints);
  }

  @Test
  void theBooksAreRightAfterEveryStepOfARunThatNobodyHasSeen() {
    long seed = Long.getLong("tcppool.seed", System.nanoTime());
    System.out.println("tcppool.seed=" + seed);
    run(2, seed);
  }

  private void run(int endpoints, long seed) {
    random = new Random(seed);
    rig =
        new Rig(
            endpoints,
            Balancer.roundRobin(),
            o ->
                o.connections(1, 4)
                    .maxTotalConnections(4 * endpoints - 1)
                    .maxPending(6)
                    .maxIdle(Duration.ofMillis(500))
                    .maxLifetime(Duration.ofSeconds(5))
                    .retry(RetryPolicy.attempts(4)));
    totals = new int[endpoints];
    for (int step = 0; step < STEPS; step++) {
      try {
        operate();
        collect();
        check();
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", step " + step + ", " + last, e);
      }
    }
    end();
  }

  private void operate() {
    int dice = random.nextInt(100);
    if (dice < 30) {
      call();
    } else if (dice < 52) {
      give(false);
    } else if (dice < 57) {
      give(true);
    } else if (dice < 72) {
      last = "dial ends";
      if (!rig.dials.isEmpty()) {
        rig.finishDial();
      }
    } else if (dice < 82) {
      last = "time passes";
      rig.advance(random.nextInt(60));
      rig.upkeep();
    } else {
      operateRarely(dice);
    }
  }

  private void operateRarely(int dice) {
    if (dice < 85) {
      last = "endpoint changes";
      var endpoint = rig.endpoints.get(random.nextInt(rig.endpoints.size()));
      if (!rig.net.down.remove(endpoint) && random.nextBoolean()) {
        rig.net.down.add(endpoint);
      }
    } else if (dice < 89) {
      last = "closes end";
      rig.net.slowClose = random.nextBoolean();
      rig.finishCloses();
    } else if (dice < 92) {
      last = "connections die";
      for (FakeConnection connection : rig.net.opened) {
        if (connection.closedFor == null && random.nextInt(4) == 0) {
          connection.unfit = CloseReason.PEER_CLOSED;
        }
      }
    } else if (dice < 94) {
      last = "evict";
      rig.engine.closings().evict(endpoint -> random.nextBoolean());
    } else if (dice < 96) {
      last = "update";
      int max = 1 + random.nextInt(5);
      rig.update(o -> o.connections(random.nextInt(max + 1), max).maxDials(1 + random.nextInt(3)));
    } else if (!waiting.isEmpty()) {
      last = "interrupt";
      List.copyOf(waiting.keySet()).get(random.nextInt(waiting.size())).interrupt();
    }
  }

  private void call() {
    int only = random.nextInt(4) == 0 ? random.nextInt(totals.length) : Engine.ANY;
    rig.order = random.nextBoolean() ? PickOrder.ROTATE : PickOrder.LAST_USED;
    last = "call " + (only == Engine.ANY ? "any" : "bound");
    int timeout = random.nextInt(5) == 0 ? 0 : random.nextInt(300);
    waiting.put(rig.call(Use.CALL, only, timeout), only);
  }

  private void give(boolean discard) {
    if (held.isEmpty()) {
      return;
    }
    FakeConnection connection = held.remove(random.nextInt(held.size()));
    last = discard ? "discard" : "release";
    if (discard) {
      rig.discard(connection);
    } else {
      connection.bytesRead += random.nextInt(2);
      rig.release(connection);
    }
  }

  /** Takes the calls that are over out of the list. */
  private void collect() {
    rig.settle();
    for (Caller caller : List.copyOf(waiting.keySet())) {
      if (!caller.isWaiting()) {
        waiting.remove(caller);
        rig.callers.remove(caller);
        if (!caller.hasFailed()) {
          held.add(caller.got());
        }
      }
    }
  }

  private void check() {
    Closings<FakeConnection> closings = rig.engine.closings();
    int dialing = 0;
    int closing = 0;
    int leased = 0;
    int total = 0;
    for (int i = 0; i < totals.length; i++) {
      EndpointSnapshot lane = rig.at(i);
      dialing += lane.dialing();
      closing += lane.closing();
      leased += lane.leased();
      total += lane.total();
      assertThat(lane.opened() - lane.closed())
          .as("open connections")
          .isEqualTo(lane.idle() + lane.leased() + lane.closing());
      int most = Math.max(totals[i], rig.engine.options().maxConnections());
      assertThat(lane.total()).as("total of endpoint %d", i).isLessThanOrEqualTo(most);
      totals[i] = lane.total();
    }
    assertThat(total).isLessThanOrEqualTo(4 * totals.length - 1);
    assertThat(dialing).as("dialing").isEqualTo(rig.dials.size());
    assertThat(closing).as("closing").isEqualTo(rig.net.closing.size());
    assertThat(leased).as("leased").isEqualTo(held.size());
    assertThat(closings.waiting()).as("waiting").isEqualTo(waiting.size());
    checkWaiters();
  }

  /** Nobody waits beside an idle connection, nor where a dial could be under way and is not. */
  private void checkWaiters() {
    boolean anywhere = waiting.containsValue(Engine.ANY);
    int room = rig.engine.options().maxTotalConnections();
    for (int total : totals) {
      room -= total;
    }
    for (int i = 0; i < totals.length; i++) {
      EndpointSnapshot lane = rig.at(i);
      if (!anywhere && !waiting.containsValue(i)) {
        continue;
      }
      assertThat(lane.idle()).as("idle beside waiters").isZero();
      boolean full = lane.total() >= rig.engine.options().maxConnections() || room <= 0;
      boolean dialing = waiting.containsValue(i) ? lane.dialing() > 0 : !rig.dials.isEmpty();
      assertThat(full || !lane.up() || dialing)
          .as("a waiter has something to wait for: %s", lane)
          .isTrue();
    }
  }

  /** After the end of the pool nothing is left and nobody waits. */
  private void end() {
    rig.net.slowClose = false;
    rig.engine.closings().shut();
    collect();
    assertThat(waiting.keySet()).as("those who still wait").isEmpty();
    held.forEach(rig::release);
    rig.finishDials();
    rig.finishCloses();
    for (int i = 0; i < totals.length; i++) {
      assertThat(rig.at(i).total()).isZero();
    }
    assertThat(rig.net.closed).hasSameElementsAs(rig.net.opened).hasSameSizeAs(rig.net.opened);
    assertThat(rig.events(PoolEvent.ConnectionOpened.class)).hasSameSizeAs(rig.net.opened);
    assertThat(rig.events(PoolEvent.ConnectionClosed.class)).hasSameSizeAs(rig.net.opened);
  }
}
