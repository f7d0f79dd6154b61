package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CloseReason;
import io.github.tcppool.PickOrder;
import io.github.tcppool.balance.Balancer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpkeepTest {

  private static final Duration NEVER = Duration.ZERO;

  private final Rig rig =
      new Rig(o -> o.connections(0, 5).maxIdle(Duration.ofMillis(150)).maxLifetime(NEVER));

  @Test
  void anIdleConnectionIsClosedAt150AndNotAt149() {
    FakeConnection idle = rig.idle(1).get(0);

    rig.advance(149);
    assertThat(rig.upkeep()).as("next run in ms").isEqualTo(1);
    assertThat(idle.closedFor).isNull();

    rig.advance(1);
    rig.upkeep();
    assertThat(idle.closedFor).isEqualTo(CloseReason.IDLE);
    assertThat(rig.only().total()).isZero();
  }

  @Test
  void aLeasedConnectionIsNotIdleHoweverLongItIsOut() {
    rig.idle(1);
    FakeConnection held = rig.acquire();
    rig.advance(10_000);
    rig.upkeep();
    assertThat(held.closedFor).isNull();

    rig.release(held);
    rig.advance(149);
    rig.upkeep();
    assertThat(held.closedFor).as("the time counts from the return").isNull();
  }

  @Test
  void theMinimumIsKeptHoweverIdle() {
    rig.update(o -> o.connections(2, 5));
    rig.idle(4);
    rig.advance(150);
    rig.upkeep();

    assertThat(rig.only().idle()).isEqualTo(2);
    rig.advance(10_000);
    rig.upkeep();
    assertThat(rig.only().idle()).isEqualTo(2);
  }

  @Test
  void theMinimumIsFilledBeforeAnybodyAsks() {
    Rig filled = new Rig(2, Balancer.roundRobin(), o -> o.connections(3, 5).maxDials(2));
    filled.upkeep();
    assertThat(filled.at(0).dialing()).as("no more dials at once than allowed").isEqualTo(2);
    while (!filled.dials.isEmpty()) {
      filled.finishDial();
      filled.upkeep();
    }
    assertThat(filled.at(0).idle()).isEqualTo(3);
    assertThat(filled.at(1).idle()).isEqualTo(3);
  }

  @Test
  void theMinimumIsFilledAgainAfterConnectionsDied() {
    rig.update(o -> o.connections(2, 5));
    rig.upkeep();
    rig.finishDials();
    rig.discard(rig.acquire());
    rig.upkeep();
    rig.finishDials();

    assertThat(rig.only().idle()).isEqualTo(2);
  }

  @Test
  void theMinimumIsFilledAgainWhenSlowClosesHaveFreedThePlaces() {
    rig.update(o -> o.connections(2, 2).maxIdle(NEVER));
    rig.upkeep();
    rig.finishDials();
    rig.net.slowClose = true;
    rig.engine.closings().evict(endpoint -> true);
    long next = rig.upkeep();
    assertThat(rig.only().closing()).isEqualTo(2);
    int before = rig.alarms;

    rig.finishCloses();

    assertThat(rig.alarms > before || next >= 0).as("housekeeping will run again").isTrue();
    rig.upkeep();
    rig.finishDials();
    assertThat(rig.only().idle()).isEqualTo(2);
  }

  @Test
  void aDeadIdleConnectionIsFoundWithinFiveSweeps() {
    rig.update(o -> o.maxIdle(NEVER));
    List<FakeConnection> idle = rig.idle(5);
    idle.forEach(connection -> connection.unfit = CloseReason.PEER_CLOSED);
    for (int sweep = 0; sweep < 5; sweep++) {
      rig.advance(1000);
      rig.upkeep();
    }
    assertThat(idle).allMatch(connection -> connection.closedFor == CloseReason.PEER_CLOSED);
  }

  @Test
  void aConnectionUsedWithinTheLastSecondIsLeftAlone() {
    rig.update(o -> o.maxIdle(Duration.ofMinutes(1)));
    FakeConnection idle = rig.idle(1).get(0);
    rig.advance(999);
    rig.upkeep();
    assertThat(idle.relaxed).isZero();

    rig.advance(1);
    rig.upkeep();
    assertThat(idle.relaxed).isEqualTo(1);
  }

  @Test
  void aLookByTheHousekeeperIsNotAUse() {
    rig.update(o -> o.maxIdle(Duration.ofMillis(1500)));
    FakeConnection idle = rig.idle(1).get(0);
    rig.advance(1000);
    rig.upkeep();
    rig.advance(500);
    rig.upkeep();

    assertThat(idle.closedFor).isEqualTo(CloseReason.IDLE);
  }

  @Test
  void aLookByTheHousekeeperDoesNotChangeWhichConnectionIsUsedNext() {
    rig.update(o -> o.maxIdle(NEVER));
    List<FakeConnection> idle = rig.idle(3);
    rig.order = PickOrder.LAST_USED;
    for (int second = 0; second < 4; second++) {
      FakeConnection used = rig.acquire();
      assertThat(used).as("in second %d", second).isSameAs(idle.get(2));
      rig.release(used);
      rig.advance(1000);
      rig.upkeep();
    }
  }

  @Test
  void aQuietPoolOfNoConnectionsNeedsNoHousekeeping() {
    assertThat(rig.upkeep()).isEqualTo(-1);
    rig.idle(1);
    rig.advance(150);
    rig.upkeep();
    assertThat(rig.upkeep()).isEqualTo(-1);
  }

  @Test
  void aFailingEndpointWithEnoughConnectionsDoesNotKeepTheHousekeeperRunning() {
    rig.update(o -> o.connections(1, 5).maxIdle(NEVER));
    rig.idle(1);
    rig.advance(1000);
    rig.upkeep(); // it has proved itself
    FakeConnection held = rig.acquire();
    rig.net.down.addAll(rig.endpoints);
    rig.call(1);
    rig.finishDial();
    rig.advance(60_000);
    rig.release(held);

    assertThat(rig.upkeep()).as("next run in ms").isGreaterThanOrEqualTo(1000);
  }

  @Test
  void aFailingEndpointWithoutAFreePlaceDoesNotKeepTheHousekeeperRunning() {
    rig.update(o -> o.connections(0, 1).maxIdle(NEVER));
    FakeConnection held = rig.idle(1).get(0);
    rig.acquire();
    rig.net.slowClose = true;
    held.unfit = CloseReason.PEER_CLOSED;
    rig.release(held);
    held.messages = 0;
    rig.call(100);
    assertThat(rig.only().up()).isFalse();
    rig.advance(10_000);

    assertThat(rig.upkeep()).as("next run in ms").isGreaterThanOrEqualTo(1000);
  }

  @Test
  void everyConnectionIsWatchedAtEverySweepEvenIfLeased() {
    List<FakeConnection> idle = rig.idle(2);
    rig.acquire();
    rig.upkeep();

    assertThat(idle).allMatch(connection -> connection.watched == 1);
  }

  @Test
  void nothingIsDialedAfterClose() {
    rig.update(o -> o.connections(2, 5));
    rig.engine.closings().shut();

    assertThat(rig.upkeep()).isEqualTo(-1);
    assertThat(rig.dials).isEmpty();
  }
}
