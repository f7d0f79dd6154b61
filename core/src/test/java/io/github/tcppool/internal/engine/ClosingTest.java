package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CloseReason;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.balance.Balancer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {

  private final Rig rig = new Rig(o -> o.connections(0, 4));

  private Closings<FakeConnection> closings() {
    return rig.engine.closings();
  }

  // ---- evict ----

  @Test
  void evictClosesIdleConnectionsNowAndLeasedOnesOnReturn() {
    List<FakeConnection> all = rig.idle(3);
    FakeConnection held = rig.acquire();

    closings().evict(endpoint -> true);
    assertThat(rig.net.closed).hasSize(2).doesNotContain(held);
    rig.release(held);

    assertThat(all).allMatch(connection -> connection.closedFor == CloseReason.EVICTED);
    assertThat(rig.only().total()).isZero();
  }

  @Test
  void evictSparesOtherEndpoints() {
    Rig two = new Rig(2, Balancer.roundRobin(), o -> o.connections(1, 1));
    two.upkeep();
    two.finishDials();

    two.engine.closings().evict(two.endpoints.get(1)::equals);

    assertThat(two.at(0).idle()).isEqualTo(1);
    assertThat(two.at(1).idle()).isZero();
  }

  // ---- update ----

  @Test
  void aLoweredMaximumClosesIdleConnectionsFirst() {
    rig.idle(4);
    FakeConnection held = rig.acquire();

    rig.update(o -> o.connections(0, 2));

    assertThat(rig.net.closed).hasSize(2).doesNotContain(held);
    assertThat(rig.net.closed).allMatch(gone -> gone.closedFor == CloseReason.SHRUNK);
    rig.release(held);
    assertThat(rig.only().idle()).isEqualTo(2);
  }

  @Test
  void leasedConnectionsAboveALoweredMaximumCloseOnReturn() {
    rig.idle(3);
    List<FakeConnection> held = List.of(rig.acquire(), rig.acquire(), rig.acquire());

    rig.update(o -> o.connections(0, 1));
    assertThat(rig.net.closed).isEmpty();
    rig.update(o -> o.connections(0, 1));
    held.forEach(rig::release);

    assertThat(rig.net.closed).hasSize(2);
    assertThat(rig.only().idle()).isEqualTo(1);
  }

  @Test
  void aDialThatEndsAfterTheMaximumWasLoweredIsClosedAgain() {
    rig.call(1);
    rig.call(1);
    rig.advance(1);
    rig.update(o -> o.connections(0, 1));
    rig.finishDials();

    assertThat(rig.only().total()).isEqualTo(1);
    assertThat(rig.net.closed).hasSize(1);
  }

  @Test
  void aRaisedMaximumServesThoseWhoWait() {
    rig.update(o -> o.connections(0, 1));
    rig.idle(1);
    rig.acquire();
    Caller waiter = rig.call();
    assertThat(rig.dials).isEmpty();

    rig.update(o -> o.connections(0, 2));
    rig.finishDial();

    assertThat(waiter.got()).isNotNull();
  }

  // ---- close ----

  @Test
  void closingTurnsWaitersAwayAndRefusesNewCallers() {
    rig.update(o -> o.connections(0, 1));
    rig.idle(1);
    rig.acquire();
    Caller first = rig.call();
    Caller second = rig.call();

    assertThat(closings().shut()).as("turned away").isEqualTo(2);

    assertThat(first.failure()).isInstanceOf(PoolClosedException.class).hasMessage("rig is closed");
    assertThat(second.failure()).isInstanceOf(PoolClosedException.class);
    assertThat(rig.call().failure()).isInstanceOf(PoolClosedException.class);
    assertThat(closings().shut()).as("a second time").isEqualTo(-1);
    assertThat(rig.net.cancels).isEqualTo(1);
  }

  @Test
  void aLeasedConnectionIsClosedWhenItIsReturnedAfterClose() throws InterruptedException {
    rig.idle(2);
    FakeConnection held = rig.acquire();
    closings().shut();
    assertThat(closings().awaitEmpty(0)).isFalse();

    rig.release(held);

    assertThat(held.closedFor).isEqualTo(CloseReason.POOL_CLOSED);
    assertThat(closings().awaitEmpty(0)).isTrue();
  }

  @Test
  void aDialThatEndsAfterCloseIsClosedAgain() throws InterruptedException {
    rig.call();
    closings().shut();
    assertThat(closings().awaitEmpty(0)).as("a dial is under way").isFalse();
    rig.finishDial();

    assertThat(rig.net.opened.get(0).closedFor).isEqualTo(CloseReason.POOL_CLOSED);
    assertThat(closings().awaitEmpty(0)).isTrue();
  }

  @Test
  void aDialThatFailsAfterCloseIsNoFailureOfTheEndpoint() throws InterruptedException {
    rig.net.down.addAll(rig.endpoints);
    rig.call();
    closings().shut();
    rig.finishDial();

    assertThat(closings().awaitEmpty(0)).isTrue();
    assertThat(rig.events(PoolEvent.EndpointDown.class)).isEmpty();
  }

  @Test
  void forceCutsWhatIsLeasedAndWhatIsDraining() throws InterruptedException {
    rig.idle(2);
    FakeConnection held = rig.acquire();
    rig.net.slowClose = true;
    closings().shut();
    FakeConnection draining = rig.net.closed.get(0);

    rig.net.slowClose = false;
    assertThat(closings().force()).isEqualTo(2);

    assertThat(held.severed).isTrue();
    assertThat(draining.severed).isTrue();
    assertThat(held.closedFor).isEqualTo(CloseReason.FORCED);
    assertThat(closings().awaitEmpty(0)).isTrue();
    rig.release(held);
    assertThat(rig.only().closed()).as("a late return changes nothing").isEqualTo(2);
    assertThat(rig.only().total()).isZero();
  }

  @Test
  void everyCloseHasOneReasonAndTheBooksReconcile() {
    rig.idle(4);
    rig.discard(rig.acquire());
    FakeConnection dead = rig.acquire();
    rig.release(dead);
    dead.unfit = CloseReason.PEER_CLOSED;
    rig.release(rig.acquire());
    closings().evict(endpoint -> true);

    assertThat(closings().closedBy())
        .containsEntry(CloseReason.DISCARDED, 1L)
        .containsEntry(CloseReason.PEER_CLOSED, 1L)
        .containsEntry(CloseReason.EVICTED, 2L)
        .hasSize(3);
    assertThat(rig.events(PoolEvent.ConnectionClosed.class)).hasSize(4);
    assertThat(rig.events(PoolEvent.ConnectionOpened.class)).hasSize(4);
    assertThat(rig.only().opened() - rig.only().closed()).isZero();
  }

  @Test
  void aTransportThatFailsToCloseLosesNoPlace() {
    rig.idle(2);
    rig.net.closeFailure = new IllegalStateException("select in progress");

    closings().evict(endpoint -> true);

    assertThat(rig.net.closed).as("connections asked to close").hasSize(2);
    assertThat(rig.net.closed).allMatch(connection -> connection.severed);
    assertThat(rig.only().total()).isZero();
    assertThat(rig.only().closed()).isEqualTo(2);
  }

  @Test
  void aFailureOfWhoeverListensCostsNoConnectionAndNoPlace() {
    rig.listenerFailure = new IllegalStateException("a listener that fails");
    Caller caller = rig.call();
    rig.finishDial();
    rig.release(caller.got());
    assertThat(rig.only().idle()).isEqualTo(1);
    rig.discard(rig.acquire());

    assertThat(rig.net.closed).hasSize(1);
    assertThat(rig.only().total()).isZero();
  }

  @Test
  void aCloseThatIsToldTwiceFreesOnePlace() {
    Rig rig = new Rig(o -> o.connections(0, 3));
    FakeConnection first = rig.idle(2).get(0);
    rig.net.slowClose = true;
    rig.engine.discard(first, CloseReason.DISCARDED);
    Runnable done = rig.net.closing.get(0);
    done.run();
    done.run();
    assertThat(rig.only().closing()).isZero();
    assertThat(rig.only().closed()).isEqualTo(1);
    assertThat(rig.only().total()).isEqualTo(1);
  }
}
