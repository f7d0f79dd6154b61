package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.Endpoint;
import io.github.tcppool.RefreshReason;
import io.github.tcppool.RetryPolicy;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.balance.Candidates;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a balancer's choice. */
class PickingTest {

  private final AtomicInteger pick = new AtomicInteger();

  private Rig rig(int max) {
    Rig rig = new Rig(2, (candidates, key) -> pick.get(), o -> o.connections(1, max));
    rig.upkeep();
    rig.finishDials();
    return rig;
  }

  @Test
  void theCallGoesWhereTheBalancerSays() {
    Rig rig = rig(1);
    for (int chosen : new int[] {1, 0, 0, 1}) {
      pick.set(chosen);
      FakeConnection taken = rig.acquire();
      assertThat(taken.endpoint).isEqualTo(rig.endpoints.get(chosen));
      rig.release(taken);
    }
  }

  @Test
  void aBusyChoiceIsPassedOverForAnIdleConnectionElsewhere() {
    Rig rig = rig(1);
    rig.acquire();

    assertThat(rig.acquire().endpoint).isEqualTo(rig.endpoints.get(1));
  }

  @Test
  void aBindingChoiceIsWaitedFor() {
    Balancer binding =
        new Balancer() {
          @Override
          public int pick(Candidates candidates, @Nullable Object key) {
            return pick.get();
          }

          @Override
          public boolean isBinding() {
            return true;
          }
        };
    Rig rig = new Rig(2, binding, o -> o.connections(1, 1));
    rig.upkeep();
    rig.finishDials();
    FakeConnection held = rig.acquire();
    Caller bound = rig.call();
    assertThat(bound.isWaiting()).isTrue();

    pick.set(1);
    Caller other = rig.call();
    assertThat(other.got().endpoint).as("it need not wait behind").isEqualTo(rig.endpoints.get(1));
    rig.release(other.got());
    assertThat(bound.isWaiting()).as("that is not what it waits for").isTrue();

    rig.release(held);
    assertThat(bound.got()).isSameAs(held);
  }

  @Test
  void aChoiceWithoutConnectionsIsWarmedWhileTheCallGoesElsewhere() {
    Rig rig = new Rig(2, (candidates, key) -> pick.get(), o -> o.connections(0, 2));
    FakeConnection first = rig.call(Use.CALL, 0, 1000).isWaiting() ? dialed(rig) : null;
    rig.release(first);
    pick.set(1);

    assertThat(rig.acquire()).isSameAs(first);
    assertThat(rig.at(1).dialing()).isEqualTo(1);
  }

  @Test
  void aBusyChoiceWithFewerConnectionsGetsOneMoreWhileTheCallGoesElsewhere() {
    Rig rig = new Rig(2, (candidates, key) -> pick.get(), o -> o.connections(0, 4));
    rig.idle(3);
    pick.set(1);
    rig.release(rig.acquire());
    rig.finishDials();
    assertThat(rig.at(1).total()).isEqualTo(1);

    for (int more = 2; more <= 3; more++) {
      FakeConnection busy = rig.acquire();
      assertThat(busy.endpoint).isEqualTo(rig.endpoints.get(1));
      List<FakeConnection> held = new ArrayList<>(List.of(busy));
      while (held.size() <= more) {
        held.add(rig.acquire());
      }
      assertThat(rig.at(1).total()).as("one at a time").isEqualTo(more);
      rig.finishDials();
      held.forEach(rig::release);
    }
    for (int i = 0; i < 6; i++) {
      rig.acquire();
    }
    assertThat(rig.dials).as("as many as elsewhere").isEmpty();
  }

  private static FakeConnection dialed(Rig rig) {
    rig.finishDial();
    return rig.callers.get(0).got();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void aChoiceOutOfRangeIsToldToTheCallerAndHarmsNothing(int wrong) {
    Rig rig = rig(1);
    pick.set(wrong);

    assertThatThrownBy(rig::acquire)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("balancer must pick 0 to 1, but picked " + wrong);
    pick.set(0);
    assertThat(rig.acquire()).isNotNull();
    assertThat(rig.at(0).idle() + rig.at(1).idle()).isEqualTo(1);
  }

  @Test
  void aBalancerThatThrowsHarmsNothing() {
    Rig rig =
        new Rig(
            2,
            (candidates, key) -> {
              if (pick.get() < 0) {
                throw new UnsupportedOperationException("mine");
              }
              return 0;
            },
            o -> o.connections(1, 1));
    rig.upkeep();
    rig.finishDials();
    pick.set(-1);
    assertThatThrownBy(rig::acquire).hasMessage("mine");
    pick.set(0);

    assertThat(rig.acquire()).isNotNull();
    assertThat(rig.engine.closings().waiting()).isZero();
  }

  @Test
  void theBalancerSeesFailuresLeasesAndLoad() {
    Candidates[] seen = new Candidates[1];
    Rig rig =
        new Rig(
            2,
            (candidates, key) -> {
              seen[0] = candidates;
              return 0;
            },
            o -> o.connections(1, 1));
    rig.net.down.add(rig.endpoints.get(1));
    rig.upkeep();
    rig.finishDials();
    FakeConnection held = rig.acquire();
    held.pendingBytes = 500;

    assertThat(seen[0].size()).isEqualTo(2);
    assertThat(seen[0].endpoint(1)).isEqualTo(rig.endpoints.get(1));
    assertThat(seen[0].leased(0)).isEqualTo(1);
    assertThat(seen[0].outstanding(0)).isEqualTo(1);
    assertThat(seen[0].load(0)).isEqualTo(501);
    assertThat(seen[0].load(1)).isZero();
    assertThat(seen[0].isUsable(0)).isTrue();
    assertThat(seen[0].isUsable(1)).isFalse();
    assertThat(seen[0].failures(1)).isEqualTo(1);
  }

  @Test
  void whoeverWaitsForOneEndpointOnlyIsPartOfItsLoad() {
    Candidates[] seen = new Candidates[1];
    Rig rig =
        new Rig(
            2,
            new Balancer() {
              @Override
              public int pick(Candidates candidates, @Nullable Object key) {
                seen[0] = candidates;
                return 0;
              }

              @Override
              public boolean isBinding() {
                return true;
              }
            },
            o -> o.connections(1, 1));
    rig.upkeep();
    rig.finishDials();
    FakeConnection held = rig.acquire();
    Caller first = rig.call();
    Caller second = rig.call();

    assertThat(seen[0].outstanding(0)).isEqualTo(3);
    assertThat(seen[0].load(0)).isEqualTo(3);
    rig.release(held);
    rig.release(first.got());
    assertThat(seen[0].outstanding(0)).isEqualTo(1);
    rig.release(second.got());
    assertThat(seen[0].outstanding(0)).isZero();
  }

  @Test
  void picksAreCountedForTheBalancerAndInTheSnapshot() {
    Candidates[] seen = new Candidates[1];
    Rig rig =
        new Rig(
            2,
            (candidates, key) -> {
              seen[0] = candidates;
              return pick.get();
            },
            o -> o.connections(1, 1));
    rig.upkeep();
    rig.finishDials();
    for (int chosen : new int[] {0, 1, 1}) {
      pick.set(chosen);
      rig.release(rig.acquire());
    }

    assertThat(seen[0].picksPerSecond(0)).isEqualTo(1);
    assertThat(seen[0].picksPerSecond(1)).isEqualTo(2);
    assertThat(rig.at(1).picks()).isEqualTo(2);
  }

  @Test
  void theTimeToAReplyIsSeenByTheBalancerAndInTheSnapshot() {
    Candidates[] seen = new Candidates[1];
    Rig rig =
        new Rig(
            2,
            (candidates, key) -> {
              seen[0] = candidates;
              return 0;
            },
            o -> o.connections(1, 1));
    rig.upkeep();
    rig.finishDials();
    FakeConnection taken = rig.acquire();
    rig.engine.results().answered(taken, 5_000_000, rig.engine.now());

    assertThat(seen[0].roundTripNanos(0)).isEqualTo(5_000_000);
    assertThat(seen[0].roundTripNanos(1)).isZero();
    assertThat(rig.at(0).roundTrip()).hasMillis(5);
    rig.engine.results().unanswered(taken, 9_000_000, rig.engine.now());
    assertThat(rig.at(0).roundTrip()).hasMillis(9);
  }

  /** Picks what the test says, and binds its callers. */
  private final class Binding implements Balancer {
    @Override
    public int pick(Candidates candidates, @Nullable Object key) {
      return pick.get();
    }

    @Override
    public boolean isBinding() {
      return true;
    }
  }

  @Test
  void whatABusyEndpointCannotTakeGoesToAllOthersEvenly() {
    Rig rig = new Rig(4, (candidates, key) -> 1, o -> o.connections(1, 1));
    rig.upkeep();
    rig.finishDials();
    FakeConnection held = rig.acquire();
    assertThat(held.endpoint).isEqualTo(rig.endpoints.get(1));
    for (int i = 0; i < 300; i++) {
      rig.release(rig.acquire());
    }

    for (int other : new int[] {0, 2, 3}) {
      assertThat(rig.at(other).messages()).as("endpoint %d", other).isEqualTo(100);
    }
  }

  @Test
  void whoeverWaitsForAnEndpointThatDiesPicksAgain() {
    Rig rig = new Rig(2, new Binding(), o -> o.connections(0, 1).retry(RetryPolicy.attempts(1)));
    rig.net.down.add(rig.endpoints.get(0));
    Caller caller = rig.call();
    assertThat(caller.isWaiting()).isTrue();
    pick.set(1);
    rig.finishDial(); // fails, and was the only attempt if it had to stay
    rig.settle();
    assertThat(caller.isWaiting()).isTrue();
    rig.finishDials();

    assertThat(caller.got().endpoint).isEqualTo(rig.endpoints.get(1));
  }

  @Test
  void whoeverWaitsWhileAllAreDeadPicksAgainWhenAnotherOneIsBack() {
    Rig rig = new Rig(2, new Binding(), o -> o.connections(0, 1).retry(RetryPolicy.attempts(50)));
    rig.net.down.addAll(rig.endpoints);
    pick.set(1);
    Caller one = rig.call();
    pick.set(0);
    Caller other = rig.call();
    rig.finishDials(); // both fail
    rig.settle();
    rig.net.down.remove(rig.endpoints.get(1));
    pick.set(1);
    rig.advance(1_000);
    rig.upkeep();
    rig.finishDials();

    rig.settle();
    Caller first = one.isWaiting() ? other : one; // who had to pick again may come second
    Caller second = first == one ? other : one;
    assertThat(first.got().endpoint).isEqualTo(rig.endpoints.get(1));
    rig.release(first.got());
    assertThat(second.got().endpoint).isEqualTo(rig.endpoints.get(1));
  }

  @Test
  void anEndpointThatJoinsGetsItsShareAsSoonAsItHasConnections() {
    Rig rig = new Rig(4, Balancer.roundRobin(), o -> o.connections(1, 2));
    List<Endpoint> all = List.copyOf(rig.endpoints);
    rig.engine.membership().change(all.subList(0, 3), RefreshReason.INTERVAL);
    rig.upkeep();
    rig.finishDials();
    for (int i = 0; i < 300; i++) {
      rig.release(rig.acquire());
    }
    rig.engine.membership().change(all, RefreshReason.INTERVAL);
    rig.upkeep();
    rig.finishDials();
    for (int i = 0; i < 400; i++) {
      rig.release(rig.acquire());
    }

    assertThat(rig.at(3).endpoint()).isEqualTo(all.get(3));
    assertThat(rig.at(3).messages()).isBetween(90L, 110L);
    for (int older = 0; older < 3; older++) {
      assertThat(rig.at(older).messages()).isBetween(190L, 210L);
    }
  }
}
