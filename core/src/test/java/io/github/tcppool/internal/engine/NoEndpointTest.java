package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.Endpoint;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.balance.Balancer;
import org.junit.jupiter.api.Test;

/** A pool that has no endpoint yet, or none any more. */
class NoEndpointTest {

  private static final Endpoint A = Endpoint.of("server0", 1000);
  private static final Endpoint C = Endpoint.of("server2", 1002);

  @Test
  void withoutAnyEndpointCallersWaitAndTheFirstOneServesThem() {
    Rig rig = new Rig(0, Balancer.roundRobin(), o -> o.connections(0, 2));
    Caller early = rig.call();
    Caller later = rig.call();
    assertThat(early.isWaiting()).isTrue();
    assertThat(rig.upkeep()).as("nothing is due").isEqualTo(-1);

    rig.change(A);
    rig.finishDials();

    assertThat(early.got().endpoint).isEqualTo(A);
    assertThat(later.got().endpoint).isEqualTo(A);
  }

  @Test
  void withoutAnyEndpointACallerTellsSoAtItsDeadline() {
    Rig rig = new Rig(0, Balancer.roundRobin(), o -> {});
    Caller caller = rig.call(100);

    rig.advance(100);

    assertThat(caller.failure())
        .isInstanceOf(CallTimeoutException.class)
        .hasMessageContaining("no connection to any endpoint, as none is known, within 100 ms");
  }

  @Test
  void withoutAnyEndpointNothingCanBeTriedFilledOrKept() throws Exception {
    Rig rig = new Rig(0, Balancer.roundRobin(), o -> {});

    assertThat(rig.engine.tryAcquire(Use.CALL, PickOrder.ROTATE, null, rig.now())).isNull();
    assertThatThrownBy(() -> rig.engine.upkeep().fill(1, 0))
        .isInstanceOf(ConnectFailedException.class)
        .hasMessage("rig: no endpoint is known");
  }

  @Test
  void whoWaitsForEndpointsIsTurnedAwayWhenThePoolIsShut() {
    Rig rig = new Rig(0, Balancer.roundRobin(), o -> {});
    Caller caller = rig.call();

    rig.engine.closings().shut();
    rig.settle();

    assertThat(caller.failure()).isInstanceOf(PoolClosedException.class);
  }

  @Test
  void theLastEndpointMayLeaveAndItsWaitersWaitForTheNext() {
    Rig rig = new Rig(o -> o.connections(0, 1));
    rig.idle(1);
    FakeConnection held = rig.acquire();
    Caller waiting = rig.call();

    rig.change();
    rig.release(held);
    assertThat(waiting.isWaiting()).isTrue();
    rig.change(C);
    rig.finishDials();

    assertThat(waiting.got().endpoint).isEqualTo(C);
  }
}
