package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A connection has two halves: a sender may own one while the receiver owns the other. */
class HalvesTest {

  private static final Use BESIDE = Use.SEND_BESIDE_RECEIVER;

  private final Rig rig = new Rig(o -> o.connections(0, 1));

  @Test
  void aSenderTakesTheWritingHalfWhileTheReceiverReads() {
    FakeConnection connection = rig.idle(1).get(0);
    assertThat(connection.claimRead()).isTrue();

    assertThat(rig.acquire(BESIDE)).isSameAs(connection);
    assertThat(connection.claimRead()).as("there is one reading half").isFalse();
  }

  @Test
  void aDialogueWaitsUntilTheReceiverHasLetGo() {
    FakeConnection connection = rig.idle(1).get(0);
    connection.claimRead();
    Caller caller = rig.call();
    assertThat(caller.isWaiting()).isTrue();

    rig.engine.dropRead(connection);

    assertThat(caller.got()).isSameAs(connection);
  }

  @Test
  void aSenderServedByANewConnectionLeavesTheReadingHalfToTheReceiver() {
    Caller sender = rig.call(BESIDE, Engine.ANY, 1000);
    rig.finishDial();
    FakeConnection connection = sender.got();

    assertThat(connection.freed).as("times the receiver was told").isPositive();
    assertThat(connection.claimRead()).as("the receiver may read").isTrue();
    rig.engine.dropRead(connection);
    rig.release(connection, BESIDE);
    assertThat(rig.only().idle()).as("all of it is free again").isEqualTo(1);
  }

  @Test
  void aSenderServedByAReturnedConnectionLeavesTheReadingHalfToTheReceiver() {
    rig.idle(1);
    FakeConnection held = rig.acquire();
    Caller sender = rig.call(BESIDE, Engine.ANY, 1000);
    rig.release(held);

    assertThat(sender.got()).isSameAs(held);
    assertThat(held.claimRead()).as("the receiver may read").isTrue();
    rig.engine.dropRead(held);
    rig.release(held, BESIDE);
    assertThat(rig.only().idle()).as("all of it is free again").isEqualTo(1);
  }

  @Test
  void aSenderWaitsOnlyForTheWritingHalf() {
    FakeConnection connection = rig.idle(1).get(0);
    rig.acquire(BESIDE);
    Caller second = rig.call(BESIDE, Engine.ANY, 1000);
    assertThat(second.isWaiting()).isTrue();
    connection.claimRead();

    rig.release(connection, BESIDE);

    assertThat(second.got()).isSameAs(connection);
    rig.release(connection, BESIDE);
    assertThat(connection.isIdle()).as("the receiver still reads").isFalse();
    rig.engine.dropRead(connection);
    assertThat(connection.isIdle()).isTrue();
  }

  @Test
  void aRetiringConnectionIsClosedByWhoeverLetsGoLast() {
    FakeConnection connection = rig.idle(1).get(0);
    rig.acquire(BESIDE);
    connection.claimRead();
    rig.engine.closings().evict(endpoint -> true);

    rig.release(connection, BESIDE);
    assertThat(connection.closedFor).as("while the receiver reads").isNull();
    rig.engine.dropRead(connection);
    assertThat(connection.closedFor).isEqualTo(CloseReason.EVICTED);
  }

  @Test
  void aRetiringConnectionLetsNobodyIn() {
    FakeConnection connection = rig.idle(1).get(0);
    rig.acquire(BESIDE);
    rig.engine.closings().evict(endpoint -> true);

    assertThat(connection.claimRead()).isFalse();
    assertThat(connection.claimWrite()).isFalse();
    assertThat(connection.claim()).isFalse();
    assertThat(connection.retire(CloseReason.IDLE)).as("once is enough").isFalse();
    assertThat(connection.retireReason()).isEqualTo(CloseReason.EVICTED);
  }

  @Test
  void oneOfTwoWhoDiscardClosesIt() {
    FakeConnection connection = rig.idle(1).get(0);
    rig.acquire(BESIDE);
    connection.claimRead();
    rig.engine.discard(connection, CloseReason.PEER_CLOSED);
    rig.engine.discard(connection, CloseReason.TORN_MESSAGE);
    rig.release(connection, BESIDE);
    rig.engine.dropRead(connection);

    assertThat(connection.closedFor).isEqualTo(CloseReason.PEER_CLOSED);
    assertThat(rig.only().closed()).isEqualTo(1);
    assertThat(rig.only().total()).isZero();
  }

  @Test
  void aSenderBehindADialogueIsServedWhenTheDialogueGetsAnotherConnection() {
    Rig two = new Rig(o -> o.connections(0, 2));
    List<FakeConnection> both = two.idle(2);
    both.get(0).claimRead();
    FakeConnection held = two.acquire();
    Caller dialogue = two.call();
    Caller sender = two.call(BESIDE, Engine.ANY, 1000);
    assertThat(sender.isWaiting()).as("behind a dialogue").isTrue();

    two.release(held);

    assertThat(dialogue.got()).isSameAs(held);
    assertThat(sender.got()).isSameAs(both.get(0));
  }

  @Test
  void aSenderBehindADialogueIsServedWhenTheDialogueGivesUp() {
    FakeConnection connection = rig.idle(1).get(0);
    connection.claimRead();
    Caller dialogue = rig.call(10);
    Caller sender = rig.call(BESIDE, Engine.ANY, 1000);

    rig.advance(10);

    assertThat(dialogue.hasFailed()).isTrue();
    assertThat(sender.got()).isSameAs(connection);
  }

  @Test
  void whatWasClosedUnderItsOwnerStaysClosedWhenTheOwnerLetsGo() {
    for (boolean full : new boolean[] {true, false}) {
      FakeConnection connection = new FakeConnection(Endpoint.of("a", 1));
      assertThat(connection.markClosed()).isTrue();
      assertThat(connection.release(full)).isFalse();
      assertThat(connection.isMarkedClosed()).isTrue();
      assertThat(connection.claim()).isFalse();
      assertThat(connection.claimWrite()).isFalse();
      assertThat(connection.claimRead()).isFalse();
      assertThat(connection.markClosed()).isFalse();
    }
  }
}
