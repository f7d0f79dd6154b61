package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CloseReason;
import io.github.tcppool.balance.Balancer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LifetimeTest {

  private static final long LIFE_MILLIS = 100_000;

  private static Rig rig(int min, int max) {
    return rig(1, o -> o.connections(min, max));
  }

  private static Rig rig(int endpoints, Consumer<io.github.tcppool.PoolOptions.Builder> more) {
    Rig rig =
        new Rig(
            endpoints,
            Balancer.roundRobin(),
            o -> {
              o.maxIdle(Duration.ZERO).maxLifetime(Duration.ofMillis(LIFE_MILLIS));
              more.accept(o);
            });
    return rig;
  }

  private static void fill(Rig rig) {
    rig.upkeep();
    while (!rig.dials.isEmpty()) {
      rig.finishDial();
      rig.upkeep();
    }
  }

  @Test
  void noConnectionEndsBeforeNineTenthsOfItsLifetimeAndNoneOutlivesIt() {
    Rig rig = rig(0, 400);
    List<FakeConnection> idle = rig.idle(200);
    rig.advance(LIFE_MILLIS * 9 / 10 - 1);
    rig.upkeep();
    assertThat(rig.net.closed).isEmpty();

    rig.advance(LIFE_MILLIS / 20 + 1);
    rig.upkeep();
    assertThat(rig.net.closed).as("jitter spreads the ends").hasSizeBetween(60, 140);

    rig.advance(LIFE_MILLIS / 20);
    rig.upkeep();
    assertThat(rig.net.closed).hasSameElementsAs(idle);
    assertThat(idle).allMatch(connection -> connection.closedFor == CloseReason.LIFETIME);
  }

  @Test
  void theReplacementIsMadeBeforeTheOldConnectionEnds() {
    Rig rig = rig(1, 2);
    fill(rig);
    FakeConnection old = rig.net.opened.get(0);
    rig.advance(LIFE_MILLIS);
    rig.upkeep();

    assertThat(rig.only().dialing()).isEqualTo(1);
    assertThat(old.closedFor).as("as long as there is no other").isNull();
    rig.finishDial();
    rig.upkeep();
    assertThat(old.closedFor).isEqualTo(CloseReason.LIFETIME);
    assertThat(rig.only().idle()).isEqualTo(1);
  }

  @Test
  void oneReplacementIsDialedHoweverOftenTheHousekeeperRuns() {
    Rig rig = rig(1, 10);
    fill(rig);
    rig.advance(LIFE_MILLIS);
    for (int i = 0; i < 5; i++) {
      rig.upkeep();
    }

    assertThat(rig.only().dialing()).isEqualTo(1);
  }

  @Test
  void anOldConnectionStaysWhileItsReplacementCannotBeMade() {
    Rig rig = rig(1, 2);
    fill(rig);
    FakeConnection old = rig.net.opened.get(0);
    rig.net.down.addAll(rig.endpoints);
    rig.advance(LIFE_MILLIS);
    for (int i = 0; i < 10; i++) {
      rig.upkeep();
      rig.finishDials();
      rig.advance(10_000);
    }

    assertThat(old.closedFor).isNull();
    assertThat(rig.acquire()).isSameAs(old);
  }

  @Test
  void whereThereIsNoRoomForTheReplacementOneEndsAtATime() {
    Rig rig = rig(2, 2);
    fill(rig);
    rig.net.slowClose = true;
    rig.advance(LIFE_MILLIS);
    rig.upkeep();
    rig.upkeep();
    rig.upkeep();
    assertThat(rig.only().idle()).as("the other one serves meanwhile").isEqualTo(1);

    rig.finishCloses();
    rig.upkeep();
    assertThat(rig.only().dialing()).isEqualTo(1);
    rig.upkeep();
    assertThat(rig.only().idle()).as("until the replacement is there").isEqualTo(1);
    rig.finishDial();
    rig.upkeep();
    assertThat(rig.only().closing()).isEqualTo(1);
  }

  @Test
  void aTotalThatIsReachedDoesNotMakeConnectionsImmortal() {
    Rig rig = rig(2, o -> o.connections(1, 10).maxTotalConnections(2));
    fill(rig);
    List<FakeConnection> old = List.copyOf(rig.net.opened);
    rig.advance(LIFE_MILLIS);
    for (int i = 0; i < 4; i++) {
      fill(rig);
    }

    assertThat(old).allMatch(connection -> connection.closedFor == CloseReason.LIFETIME);
    assertThat(rig.at(0).idle()).isEqualTo(1);
    assertThat(rig.at(1).idle()).isEqualTo(1);
  }

  @Test
  void aLeasedConnectionEndsWhenItIsReturned() {
    Rig rig = rig(0, 2);
    rig.idle(1);
    FakeConnection held = rig.acquire();
    rig.advance(LIFE_MILLIS);
    rig.upkeep();
    assertThat(held.closedFor).isNull();

    rig.release(held);
    assertThat(held.closedFor).isEqualTo(CloseReason.LIFETIME);
  }

  @Test
  void oneOnALongLeaseDoesNotStandInTheWayOfOthers() {
    Rig rig = rig(2, 2);
    fill(rig);
    FakeConnection held = rig.acquire();
    rig.advance(LIFE_MILLIS);
    rig.upkeep();
    rig.upkeep();

    assertThat(rig.net.closed).hasSize(1).doesNotContain(held);
  }

  @Test
  void aLeasedConnectionPastItsLifetimeIsNotHandedToAWaiter() {
    Rig rig = rig(0, 1);
    rig.idle(1);
    FakeConnection held = rig.acquire();
    Caller waiter = rig.call();
    rig.advance(LIFE_MILLIS);
    rig.upkeep();
    rig.release(held);
    rig.finishDial();

    assertThat(waiter.got()).isNotSameAs(held);
  }
}
