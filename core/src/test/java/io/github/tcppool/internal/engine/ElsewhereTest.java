package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.EndpointHealth;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.balance.Candidates;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where a call goes on after an attempt that failed. */
class ElsewhereTest {

  private static final Balancer FIRST = (candidates, key) -> 0;

  private final Rig rig = new Rig(2, FIRST, o -> o.connections(0, 2));

  /** Idle connections: so many to the first endpoint and to the second. */
  private void idle(int atFirst, int atSecond) {
    for (int endpoint = 0; endpoint < 2; endpoint++) {
      for (int i = endpoint == 0 ? atFirst : atSecond; i > 0; i--) {
        rig.call(Use.CALL, endpoint, 1000);
      }
    }
    rig.finishDials();
    rig.callers.forEach(caller -> rig.release(caller.got()));
  }

  @Test
  void aCallGoesOnAtAnotherEndpointThanTheOneThatFailed() {
    idle(2, 1);
    FakeConnection failed = rig.acquire();
    assertThat(failed.endpoint).isEqualTo(rig.endpoints.get(0));
    rig.discard(failed);
    assertThat(rig.callAgain(failed).got().endpoint).isEqualTo(rig.endpoints.get(1));
  }

  @Test
  void aCallWaitsForAConnectionThatIsBeingMadeElsewhere() {
    idle(2, 0);
    FakeConnection failed = rig.acquire();
    rig.discard(failed);
    Caller again = rig.callAgain(failed);
    assertThat(again.isWaiting()).as("beside an idle connection to the one that failed").isTrue();
    rig.finishDials();
    assertThat(again.got().endpoint).isEqualTo(rig.endpoints.get(1));
  }

  @Test
  void aCallReturnsToTheEndpointThatFailedWhenTheOtherOneFailsToo() {
    idle(2, 0);
    FakeConnection failed = rig.acquire();
    rig.discard(failed);
    rig.net.down.add(rig.endpoints.get(1));
    Caller again = rig.callAgain(failed);
    rig.finishDial();
    assertThat(again.got().endpoint).isEqualTo(rig.endpoints.get(0));
  }

  @Test
  void aCallReturnsToTheEndpointThatFailedWhenAllOthersAreInUse() {
    idle(2, 2);
    rig.call(Use.CALL, 1, 1000);
    rig.call(Use.CALL, 1, 1000);
    FakeConnection failed = rig.acquire();
    rig.discard(failed);
    assertThat(rig.callAgain(failed).got().endpoint).isEqualTo(rig.endpoints.get(0));
  }

  @Test
  void aLateWaiterThatHasNoSuchWishIsNotHeldUp() {
    idle(2, 0);
    FakeConnection failed = rig.acquire();
    FakeConnection other = rig.acquire();
    rig.discard(failed);
    Caller again = rig.callAgain(failed);
    Caller behind = rig.call();
    rig.release(other);
    assertThat(behind.got()).isSameAs(other);
    assertThat(again.isWaiting()).isTrue();
  }

  /** As one that shards: the first endpoint and no other, whatever its state. */
  private static final class Strict implements Balancer {

    @Override
    public int pick(Candidates candidates, @Nullable Object key) {
      return 0;
    }

    @Override
    public boolean isBinding() {
      return true;
    }
  }

  @Test
  void aBalancerThatBindsToAnEndpointThatIsDownLetsItsCallsWait() {
    Rig bound = new Rig(2, new Strict(), o -> o.connections(0, 2));
    bound.net.down.add(bound.endpoints.get(0));
    Caller first = bound.call();
    bound.finishDial();
    assertThat(bound.at(0).health().state()).isEqualTo(EndpointHealth.DOWN);
    Caller second = bound.call(500);
    assertThat(first.isWaiting()).isTrue();
    assertThat(second.isWaiting()).isTrue();
    bound.advance(501);
    assertThat(second.failure()).isInstanceOf(CallTimeoutException.class);
    bound.net.down.clear();
    bound.upkeep();
    bound.finishDials();
    assertThat(first.got().endpoint).isEqualTo(bound.endpoints.get(0));
  }

  @Test
  void aBalancerThatBindsIsObeyed() {
    Rig bound = new Rig(2, new Strict(), o -> o.connections(0, 2));
    FakeConnection failed = bound.idle(1).get(0);
    bound.acquire();
    bound.discard(failed);
    Caller again = bound.callAgain(failed);
    bound.finishDials();
    assertThat(again.got().endpoint).isEqualTo(bound.endpoints.get(0));
  }
}
