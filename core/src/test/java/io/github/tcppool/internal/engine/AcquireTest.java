package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.CloseReason;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolClosedException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcquireTest {

  private final Rig rig = new Rig(o -> o.connections(0, 2));

  @Test
  void anIdleConnectionIsTakenWithoutWaiting() {
    FakeConnection idle = rig.idle(1).get(0);

    assertThat(rig.acquire()).isSameAs(idle);
    assertThat(rig.only().leased()).isEqualTo(1);
    assertThat(rig.net.opened).hasSize(1);
  }

  @Test
  void aReturnedConnectionGoesToTheCallerThatHasWaitedLongest() {
    List<FakeConnection> idle = rig.idle(2);
    rig.acquire();
    rig.acquire();
    Caller first = rig.call();
    Caller second = rig.call();

    rig.release(idle.get(0));
    assertThat(first.got()).isSameAs(idle.get(0));
    assertThat(second.isWaiting()).isTrue();

    rig.release(idle.get(1));
    assertThat(second.got()).isSameAs(idle.get(1));
  }

  @Test
  void aReturnedConnectionIsNeverIdleOnItsWayToAWaiter() {
    rig.idle(2);
    FakeConnection held = rig.acquire();
    rig.acquire();
    rig.call();

    rig.release(held);

    assertThat(held.freed)
        .as("times it was free for anybody")
        .isEqualTo(1); // when it was made idle
    assertThat(rig.only().idle()).isZero();
  }

  @Test
  void aNewcomerDoesNotOvertakeAWaiter() throws IOException {
    rig.idle(2);
    FakeConnection held = rig.acquire();
    rig.acquire();
    Caller waiter = rig.call();

    assertThat(rig.engine.tryAcquire(Use.CALL, rig.order, null, rig.now())).isNull();
    Caller newcomer = rig.call();
    rig.release(held);

    assertThat(waiter.got()).isSameAs(held);
    assertThat(newcomer.isWaiting()).isTrue();
  }

  @Test
  void aWaiterTakesTheReturnedConnectionIfThatComesFirst() {
    FakeConnection idle = rig.idle(1).get(0);
    rig.acquire();
    Caller waiter = rig.call();
    assertThat(rig.only().dialing()).isEqualTo(1);

    rig.release(idle);
    assertThat(waiter.got()).isSameAs(idle);

    rig.finishDial();
    assertThat(rig.only().idle()).as("the dial outlives its reason").isEqualTo(1);
    assertThat(rig.only().total()).isEqualTo(2);
  }

  @Test
  void aWaiterTakesTheNewConnectionIfThatComesFirst() {
    FakeConnection idle = rig.idle(1).get(0);
    rig.acquire();
    Caller waiter = rig.call();

    rig.finishDial();
    assertThat(waiter.got()).isNotSameAs(idle);

    rig.release(idle);
    assertThat(rig.only().idle()).isEqualTo(1);
  }

  @Test
  void aDialOutlivesTheCallerThatAskedForIt() {
    Caller caller = rig.call(10);
    rig.advance(10);
    assertThat(caller.hasFailed()).isTrue();

    rig.finishDial();

    assertThat(rig.only().idle()).isEqualTo(1);
    assertThat(rig.acquire()).isSameAs(rig.net.opened.get(0));
  }

  @Test
  void aConnectionFoundDeadIsReplacedByTheNextIdleOne() {
    List<FakeConnection> idle = rig.idle(2);
    idle.get(0).unfit = CloseReason.PEER_CLOSED;
    idle.get(1).unfit = CloseReason.PEER_RESET;
    Caller caller = rig.call();

    assertThat(idle.get(0).closedFor).isEqualTo(CloseReason.PEER_CLOSED);
    assertThat(idle.get(1).closedFor).isEqualTo(CloseReason.PEER_RESET);
    rig.finishDial();
    assertThat(caller.got()).isNotIn(idle);
    assertThat(rig.only().up()).as("both had served before").isTrue();
  }

  @Test
  void theConnectionUsedLastIsTakenFirstSoThatTheOthersFallQuiet() {
    Rig three = new Rig(o -> o.connections(0, 3));
    List<FakeConnection> idle = three.idle(3);
    for (int i = 0; i < 5; i++) {
      FakeConnection taken = three.acquire();
      assertThat(taken).isSameAs(idle.get(2));
      three.release(taken);
    }
  }

  @Test
  void tryAcquireTakesWhatIsIdleAndNeverDials() throws IOException {
    assertThat(rig.engine.tryAcquire(Use.CALL, PickOrder.ROTATE, null, rig.now())).isNull();
    assertThat(rig.dials).isEmpty();

    FakeConnection idle = rig.idle(1).get(0);
    assertThat(rig.engine.tryAcquire(Use.CALL, PickOrder.ROTATE, null, rig.now())).isSameAs(idle);
    assertThat(rig.engine.tryAcquire(Use.CALL, PickOrder.ROTATE, null, rig.now())).isNull();
  }

  @Test
  void tryAcquireAfterCloseSaysSo() {
    rig.engine.closings().shut();
    assertThatThrownBy(() -> rig.engine.tryAcquire(Use.CALL, PickOrder.ROTATE, null, rig.now()))
        .isInstanceOf(PoolClosedException.class)
        .hasMessage("rig is closed");
  }
}
