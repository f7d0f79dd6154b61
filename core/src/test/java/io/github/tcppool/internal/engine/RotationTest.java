package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.github.tcppool.PickOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotationTest {

  private final Rig rig = new Rig(o -> o.connections(0, 10));
  private final Map<FakeConnection, Integer> shares = new HashMap<>();

  private FakeConnection send() {
    FakeConnection taken = rig.acquire();
    shares.merge(taken, 1, Integer::sum);
    rig.release(taken);
    return taken;
  }

  private void send(int messages) {
    shares.clear();
    for (int i = 0; i < messages; i++) {
      send();
    }
  }

  private List<FakeConnection> connections(int count) {
    List<FakeConnection> idle = rig.idle(count);
    rig.order = PickOrder.ROTATE;
    return idle;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 10})
  void everyConnectionHasItsTurnAfterEveryOther(int count) {
    List<FakeConnection> all = connections(count);
    List<FakeConnection> round = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      round.add(send());
    }
    assertThat(round).containsExactlyInAnyOrderElementsOf(all);
    for (int i = 0; i < 5 * count; i++) {
      assertThat(send()).isSameAs(round.get(i % count));
    }
  }

  @Test
  void sharesDifferByAtMostOneAfterAnyNumberOfSends() {
    connections(7);
    shares.clear();
    for (int sent = 1; sent <= 1000; sent++) {
      send();
      int most = shares.values().stream().mapToInt(Integer::intValue).max().orElse(0);
      int least =
          shares.size() < 7
              ? 0
              : shares.values().stream().mapToInt(Integer::intValue).min().orElse(0);
      assertThat(most - least).as("after %d sends", sent).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void theTurnIsAnIndexThatCannotOverflow() {
    Lane lane = new Lane(rig.endpoints.get(0), 0);
    for (int i = 0; i < 3; i++) {
      FakeConnection connection = new FakeConnection(lane.endpoint());
      connection.release(true);
      lane.add(connection);
    }
    List<Pooled> order = new ArrayList<>();
    for (int i = 0; i < 300_000; i++) {
      Pooled taken = lane.claim(true, PickOrder.ROTATE);
      taken.release(true);
      if (i % 100_000 == 99_999) {
        order.add(taken);
      }
    }
    assertThat(order).as("each 100,000th is the next one").doesNotHaveDuplicates().hasSize(3);
  }

  @Test
  void theShareOfAStuckConnectionGoesToAllOthersEvenly() {
    List<FakeConnection> all = connections(5);
    FakeConnection stuck = rig.acquire();

    send(4000);

    assertThat(shares).hasSize(4).doesNotContainKey(stuck);
    assertThat(shares.values()).allMatch(share -> share == 1000);
    assertThat(all).contains(stuck);
  }

  @Test
  void theSharesOfTwoStuckNeighboursGoToAllOthersEvenly() {
    connections(6);
    rig.acquire();
    rig.acquire();

    send(4000);

    assertThat(shares.values()).hasSize(4).allMatch(share -> share == 1000);
  }

  @Test
  void rotationStaysExactWhenConnectionsComeAndGo() {
    connections(3);
    send(100);
    List<FakeConnection> held = List.of(rig.acquire(), rig.acquire(), rig.acquire());
    Caller fourth = rig.call();
    rig.finishDial();
    held.forEach(rig::release);
    rig.release(fourth.got());
    send(400);
    assertThat(shares.values()).hasSize(4).allMatch(share -> share == 100);

    rig.discard(rig.acquire());
    rig.discard(rig.acquire());
    send(400);
    assertThat(shares.values()).hasSize(2).allMatch(share -> share == 200);
  }

  @Test
  void aBusyLaneHasNothingToOffer() {
    List<FakeConnection> all = connections(3);
    all.forEach(connection -> rig.acquire());

    assertThat(rig.call(0).hasFailed()).isTrue();
  }

  @Test
  void sharesOfHealthyConnectionsStayWithinTwoPercentWithManySendersAndOneStuckConnection() {
    Lane lane = new Lane(rig.endpoints.get(0), 0);
    for (int i = 0; i < 10; i++) {
      FakeConnection connection = new FakeConnection(lane.endpoint());
      boolean unused = connection.release(true);
      lane.add(connection);
    }
    Pooled stuck = lane.claim(true, PickOrder.ROTATE);
    Map<Pooled, Integer> sent = new HashMap<>();
    Deque<Pooled> held = new ArrayDeque<>();
    Random random = new Random(42);
    for (int i = 0; i < 100_000; i++) {
      Pooled connection = lane.claim(true, PickOrder.ROTATE);
      sent.merge(connection, 1, Integer::sum);
      if (held.size() < 7 && random.nextInt(50) == 0) {
        held.add(connection); // a sender loses its processor while it owns the connection
      } else {
        boolean unused = connection.release(true);
      }
      if (!held.isEmpty() && random.nextInt(40) == 0) {
        boolean unused = held.poll().release(true);
      }
    }

    assertThat(sent).hasSize(9).doesNotContainKey(stuck);
    assertThat(sent.values())
        .allSatisfy(share -> assertThat(share).isCloseTo(100_000 / 9, withPercentage(2)));
  }
}
