package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.CloseReason;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is counted, told, and waited for at the end. */
@Timeout(10)
class FiguresTest {

  private final Rig rig = new Rig(o -> o.connections(0, 3));

  @Test
  void whatConnectionsDidIsCountedWhileTheyLiveAndAfterwards() {
    List<FakeConnection> two = rig.idle(2);
    work(two.get(0), 10, 100, 1_000);
    work(two.get(1), 20, 200, 2_000);
    assertFigures(30, 300, 3_000);
    rig.engine.discard(two.get(0), CloseReason.DISCARDED);
    assertFigures(30, 300, 3_000);
    rig.engine.discard(two.get(1), CloseReason.DISCARDED);
    assertFigures(30, 300, 3_000);
    FakeConnection third = rig.idle(1).get(0);
    work(third, 5, 50, 500);
    assertFigures(35, 350, 3_500);
  }

  private static void work(FakeConnection connection, long messages, long written, long read) {
    connection.messages = messages;
    connection.bytesWritten = written;
    connection.bytesRead = read;
  }

  private void assertFigures(long messages, long written, long read) {
    EndpointSnapshot now = rig.only();
    assertThat(now.messages()).isEqualTo(messages);
    assertThat(now.bytesWritten()).isEqualTo(written);
    assertThat(now.bytesRead()).isEqualTo(read);
  }

  @Test
  void theAgeOfAConnectionIsToldAtItsEndAndTheTimeOfItsDialAtItsBeginning() {
    Caller caller = rig.call();
    rig.net.whileDialing = () -> rig.advanceNanos(7);
    rig.finishDial();
    assertThat(rig.events(PoolEvent.ConnectionOpened.class).get(0).took())
        .isEqualTo(Duration.ofNanos(7));
    rig.advance(30);
    rig.discard(caller.got());
    assertThat(rig.events(PoolEvent.ConnectionClosed.class).get(0).age())
        .isEqualTo(Duration.ofMillis(30));
  }

  @Test
  void connectionsAreNumbered() {
    List<FakeConnection> three = rig.idle(3);
    assertThat(three).extracting(FakeConnection::id).doesNotHaveDuplicates().doesNotContain(0L);
  }

  @Test
  void housekeepingIsCalledWhenAPlaceForTheMinimumBecomesFree() {
    Rig full = new Rig(o -> o.connections(1, 1));
    full.upkeep();
    full.finishDial();
    FakeConnection only = full.acquire();
    full.net.slowClose = true;
    full.discard(only);
    full.upkeep();
    assertThat(full.dials).as("its place is still taken").isEmpty();
    int before = full.alarms;
    full.finishCloses();
    assertThat(full.alarms).isGreaterThan(before);
    full.upkeep();
    assertThat(full.dials).hasSize(1);
  }

  @Test
  void housekeepingIsNotCalledWhereNoMinimumIsMissing() {
    FakeConnection only = rig.idle(1).get(0);
    int before = rig.alarms;
    rig.engine.discard(only, CloseReason.DISCARDED);
    assertThat(rig.alarms).isEqualTo(before);
  }

  @Test
  void aShorterBackoffHoldsForTheWaitThatIsUnderWay() {
    Rig failing = new Rig(o -> o.retry(slow(60_000)));
    failing.net.down.add(failing.endpoints.get(0));
    failing.call();
    failing.finishDial();
    failing.advance(1_000);
    failing.upkeep();
    assertThat(failing.dials).isEmpty();
    failing.update(o -> o.retry(slow(500)));
    failing.advance(1);
    failing.upkeep();
    assertThat(failing.dials).hasSize(1);
  }

  @Test
  void anUnchangedBackoffKeepsTheWaitThatIsUnderWay() {
    Rig failing = new Rig(o -> o.retry(slow(60_000)));
    failing.net.down.add(failing.endpoints.get(0));
    failing.call();
    failing.finishDial();
    long due = failing.upkeep();
    failing.update(o -> o.maxPending(7));
    assertThat(failing.upkeep()).isEqualTo(due);
  }

  private static RetryPolicy slow(long millis) {
    return RetryPolicy.untilDeadline().backoff(Duration.ofMillis(millis));
  }

  @Test
  void anUpdateThatExpectedOtherOptionsIsRefused() {
    PoolOptions before = rig.engine.options();
    PoolOptions first = before.toBuilder().maxPending(1).build();
    PoolOptions second = before.toBuilder().maxPending(2).build();
    assertThat(rig.engine.closings().update(before, first)).isTrue();
    assertThat(rig.engine.closings().update(before, second)).isFalse();
    assertThat(rig.engine.options()).isSameAs(first);
  }

  @Test
  void whoWaitsForTheEndIsWokenByTheLastConnection() throws Exception {
    rig.net.slowClose = true;
    rig.idle(2);
    assertThat(rig.engine.closings().isShut()).isFalse();
    assertThat(rig.engine.closings().shut()).isZero();
    assertThat(rig.engine.closings().isShut()).isTrue();
    assertThat(rig.engine.closings().awaitEmpty(0)).isFalse();
    AtomicReference<Object> outcome = new AtomicReference<>();
    Thread waits = new Thread(() -> outcome.set(awaitEmpty()));
    waits.start();
    await().until(() -> waits.getState() == Thread.State.TIMED_WAITING);
    rig.net.closing.remove(0).run();
    assertThat(rig.engine.closings().awaitEmpty(1_000_000)).isFalse();
    rig.finishCloses();
    waits.join(5_000);
    assertThat(outcome.get()).isEqualTo(true);
    assertThat(rig.engine.closings().awaitEmpty(0)).isTrue();
  }

  private Object awaitEmpty() {
    try {
      return rig.engine.closings().awaitEmpty(TimeUnit.HOURS.toNanos(1));
    } catch (InterruptedException e) {
      return e;
    }
  }

  @Test
  void everyConnectionIsPassedOn() {
    List<FakeConnection> all = rig.idle(3);
    List<FakeConnection> seen = new java.util.ArrayList<>();
    rig.engine.closings().forEach(seen::add);
    assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
  }
}
