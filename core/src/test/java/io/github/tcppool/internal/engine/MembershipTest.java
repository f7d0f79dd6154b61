package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CloseReason;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.Endpoint;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.RefreshReason;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.balance.Candidates;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Endpoints that come and go while calls are under way. */
class MembershipTest {

  private static final Endpoint A = Endpoint.of("server0", 1000);
  private static final Endpoint B = Endpoint.of("server1", 1001);
  private static final Endpoint C = Endpoint.of("server2", 1002);

  /** With one idle connection to each of two endpoints. */
  private static Rig two() {
    return two(Balancer.roundRobin());
  }

  private static Rig two(Balancer balancer) {
    Rig rig = new Rig(2, balancer, o -> o.connections(1, 2));
    rig.upkeep();
    rig.finishDials();
    return rig;
  }

  private static Balancer binding(int[] pick) {
    return new Balancer() {
      @Override
      public int pick(Candidates candidates, @Nullable Object key) {
        return pick[0];
      }

      @Override
      public boolean isBinding() {
        return true;
      }
    };
  }

  private static List<EndpointSnapshot> leaving(Rig rig) {
    return rig.engine.membership().figures().leaving();
  }

  // ---- coming ----

  @Test
  void aNewEndpointIsFilledAndServes() {
    Rig rig = two();

    rig.change(A, B, C);
    assertThat(rig.alarms).as("housekeeping is told").isPositive();
    rig.upkeep();
    rig.finishDials();

    assertThat(rig.at(2).endpoint()).isEqualTo(C);
    assertThat(rig.at(2).idle()).isEqualTo(1);
    List<Endpoint> served = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      served.add(rig.acquire().endpoint);
    }
    assertThat(served).containsExactlyInAnyOrder(A, B, C);
    assertThat(rig.events(PoolEvent.EndpointJoined.class))
        .containsExactly(new PoolEvent.EndpointJoined(C, RefreshReason.PUSHED));
  }

  @Test
  void aNewEndpointIsDialedForThoseWhoWait() {
    Rig rig = new Rig(o -> o.connections(0, 1));
    rig.idle(1);
    rig.acquire();
    Caller waiting = rig.call();
    assertThat(waiting.isWaiting()).isTrue();
    assertThat(rig.dials).isEmpty();

    rig.change(A, B);
    rig.finishDials();

    assertThat(waiting.got().endpoint).isEqualTo(B);
  }

  @Test
  void survivorsKeepConnectionsFiguresAndOrder() {
    Rig rig = two();
    FakeConnection first = rig.acquire();
    rig.release(first);
    FakeConnection second = rig.acquire();
    rig.release(second);

    rig.change(C, B, A);

    assertThat(rig.engine.membership().endpoints()).containsExactly(A, B, C);
    assertThat(rig.at(0).idle()).isEqualTo(1);
    assertThat(rig.at(0).messages()).isEqualTo(1);
    assertThat(rig.net.closed).isEmpty();
  }

  @Test
  void nothingIsDoneIfNothingHasChanged() {
    List<Candidates> seen = new ArrayList<>();
    Rig rig =
        two(
            (candidates, key) -> {
              seen.add(candidates);
              return 0;
            });
    rig.acquire();

    rig.change(B, A);
    rig.acquire();

    assertThat(seen.get(1)).as("balancers may keep what they worked out").isSameAs(seen.get(0));
    assertThat(rig.events(PoolEvent.EndpointJoined.class)).isEmpty();
  }

  @Test
  void anotherWeightKeepsTheConnections() {
    Rig rig = two();

    rig.change(A.withWeight(5), B);

    assertThat(rig.at(0).endpoint().weight()).isEqualTo(5);
    assertThat(rig.at(0).idle()).isEqualTo(1);
    assertThat(rig.events(PoolEvent.EndpointChanged.class))
        .containsExactly(new PoolEvent.EndpointChanged(A, A.withWeight(5), RefreshReason.PUSHED));
    assertThat(rig.events(PoolEvent.EndpointLeft.class)).isEmpty();
  }

  @Test
  void namesDifferByMoreThanCaseAndComeOnce() {
    Rig rig = two();

    rig.change(Endpoint.of("SERVER0", 1000), Endpoint.of("server0", 1000), B);

    assertThat(rig.engine.membership().endpoints()).hasSize(2);
    assertThat(rig.at(0).idle()).isEqualTo(1);
  }

  // ---- leaving ----

  @Test
  void whoLeavesEndsIdleConnectionsNowAndLeasedOnesOnReturn() {
    Rig rig = two();
    FakeConnection held = rig.acquire();
    assertThat(held.endpoint).isEqualTo(A);
    rig.upkeep();

    rig.change(B);

    assertThat(leaving(rig)).hasSize(1);
    assertThat(leaving(rig).get(0).leased()).isEqualTo(1);
    assertThat(held.closedFor).as("its owner goes on").isNull();
    rig.release(held);
    assertThat(held.closedFor).isEqualTo(CloseReason.ENDPOINT_LEFT);
    assertThat(leaving(rig)).isEmpty();
    assertThat(rig.engine.membership().figures().departed().messages()).isEqualTo(1);
    assertThat(rig.engine.membership().figures().departed().opened()).isEqualTo(1);
  }

  @Test
  void whoLeavesIdleIsGoneAtOnce() {
    Rig rig = two();

    rig.change(B);

    assertThat(rig.net.closed).hasSize(1);
    assertThat(rig.net.closed.get(0).closedFor).isEqualTo(CloseReason.ENDPOINT_LEFT);
    assertThat(leaving(rig)).isEmpty();
    assertThat(rig.acquire().endpoint).isEqualTo(B);
    assertThat(rig.events(PoolEvent.EndpointLeft.class))
        .containsExactly(new PoolEvent.EndpointLeft(A, RefreshReason.PUSHED));
  }

  @Test
  void whoLeavesCountsUntilItsLastConnectionIsClosed() {
    Rig rig = two();
    rig.net.slowClose = true;

    rig.change(B);
    assertThat(leaving(rig)).hasSize(1);
    assertThat(leaving(rig).get(0).closing()).isEqualTo(1);

    rig.finishCloses();
    assertThat(leaving(rig)).isEmpty();
    assertThat(rig.engine.closings().closedBy()).containsEntry(CloseReason.ENDPOINT_LEFT, 1L);
  }

  @Test
  void aDialToWhoHasLeftIsClosedAsSoonAsItIsMade() {
    Rig rig = new Rig(2, (candidates, key) -> 0, o -> o.connections(0, 1));
    Caller caller = rig.call();

    rig.change(B);
    assertThat(leaving(rig).get(0).dialing()).isEqualTo(1);
    rig.finishDials();

    assertThat(caller.got().endpoint).isEqualTo(B);
    assertThat(rig.net.closed).hasSize(1);
    assertThat(rig.net.closed.get(0).closedFor).isEqualTo(CloseReason.ENDPOINT_LEFT);
    assertThat(leaving(rig)).isEmpty();
  }

  @Test
  void aDialToWhoHasLeftMayFailWithoutHarm() {
    Rig rig = new Rig(2, (candidates, key) -> 0, o -> o.connections(0, 1));
    rig.net.down.add(A);
    Caller caller = rig.call();

    rig.change(B);
    rig.finishDials();

    assertThat(caller.got().endpoint).isEqualTo(B);
    assertThat(rig.events(PoolEvent.EndpointDown.class)).isEmpty();
    assertThat(rig.engine.membership().figures().departed().dialFailures()).isEqualTo(1);
  }

  @Test
  void whoComesBackWhileItLeavesKeepsItsFiguresAndItsMaximum() {
    Rig rig = new Rig(2, (candidates, key) -> 0, o -> o.connections(0, 1));
    FakeConnection held = rig.idle(1).get(0);
    rig.acquire();
    rig.change(B);

    rig.change(A, B);

    assertThat(leaving(rig)).isEmpty();
    EndpointSnapshot back = rig.at(1);
    assertThat(back.endpoint()).isEqualTo(A);
    assertThat(back.leased()).as("the connection of its former life").isEqualTo(1);
    Caller bound = rig.call(Use.CALL, rig.engine.membership().numberOf(A), Rig.FOREVER_MILLIS);
    rig.finishDials();
    assertThat(bound.isWaiting()).as("one connection is the maximum").isTrue();
    rig.release(held);
    rig.finishDials();
    assertThat(bound.got().endpoint).isEqualTo(A);
    assertThat(held.closedFor).isEqualTo(CloseReason.ENDPOINT_LEFT);
  }

  @Test
  void aLostLeaseOfWhoHasLeftIsStillLookedAfter() {
    Rig rig = two();
    FakeConnection held = rig.acquire();
    rig.change(B);
    int looks = held.watched;

    rig.upkeep();

    assertThat(held.watched).isGreaterThan(looks);
  }

  @Test
  void closingThePoolWaitsForWhoLeavesToo() {
    Rig rig = two();
    FakeConnection held = rig.acquire();
    rig.change(B);

    rig.engine.closings().shut();
    assertThat(rig.engine.closings().force()).isEqualTo(1);

    assertThat(held.severed).isTrue();
    assertThat(held.closedFor).isEqualTo(CloseReason.FORCED);
  }

  @Test
  void aPoolThatIsShutChangesNothing() {
    Rig rig = two();
    rig.engine.closings().shut();

    rig.change(C);

    assertThat(rig.engine.membership().endpoints()).containsExactly(A, B);
  }

  // ---- waiting ----

  @Test
  void whoWaitsForAnyEndpointGoesOnWaiting() {
    Rig rig = new Rig(2, (candidates, key) -> 0, o -> o.connections(1, 1));
    rig.upkeep();
    rig.finishDials();
    FakeConnection a = rig.acquire();
    FakeConnection b = rig.acquire();
    Caller waiting = rig.call();

    rig.change(B);
    rig.release(a);
    assertThat(waiting.isWaiting()).as("that one is not for anybody").isTrue();
    rig.release(b);

    assertThat(waiting.got()).isSameAs(b);
  }

  @Test
  void whoWaitsForTheChoiceOfABindingBalancerPicksAgain() {
    int[] pick = {0};
    Rig rig = new Rig(2, binding(pick), o -> o.connections(1, 1));
    rig.upkeep();
    rig.finishDials();
    rig.acquire();
    Caller bound = rig.call();
    assertThat(bound.isWaiting()).isTrue();

    rig.change(B);

    assertThat(bound.got().endpoint).isEqualTo(B);
  }

  @Test
  void whoHasJustPickedAnEndpointThatLeavesPicksAgain() {
    Rig[] rig = new Rig[1];
    Balancer balancer =
        new Balancer() {
          @Override
          public int pick(Candidates candidates, @Nullable Object key) {
            rig[0].engine.membership().change(List.of(B), RefreshReason.PUSHED);
            return 0; // which was A
          }

          @Override
          public boolean isBinding() {
            return true;
          }
        };
    rig[0] = new Rig(2, balancer, o -> o.connections(0, 1));

    Caller caller = rig[0].call();
    rig[0].finishDials();

    assertThat(caller.got().endpoint).isEqualTo(B);
  }

  @Test
  void whoWaitsForOneEndpointFailsWhenThatLeaves() {
    Rig rig = two();
    int number = rig.engine.membership().numberOf(A);
    rig.acquire();
    Caller bound = rig.call(Use.CALL, number, Rig.FOREVER_MILLIS);

    rig.change(B);

    assertThat(bound.failure())
        .isInstanceOf(ConnectFailedException.class)
        .hasMessage("rig: the endpoint asked for has left the pool");
  }

  @Test
  void whoComesBackAfterItWasGoneHasAnotherNumber() {
    Rig rig = two();
    int number = rig.engine.membership().numberOf(A);

    rig.change(B);
    assertThat(rig.engine.membership().numberOf(A)).isEqualTo(Engine.NOTHING);
    rig.change(A, B);

    assertThat(rig.engine.membership().numberOf(A)).isNotEqualTo(number);
    assertThat(rig.call(Use.CALL, number, 1000).failure())
        .isInstanceOf(ConnectFailedException.class);
  }
}
