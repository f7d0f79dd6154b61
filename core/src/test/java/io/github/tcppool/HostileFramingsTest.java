package io.github.tcppool;

import static io.github.tcppool.Bench.awaitUntil;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static io.github.tcppool.Bench.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.HostileFraming.Place;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Framings of users' own that throw, block, interrupt or call the pool: their callers pay alone.
 */
class HostileFramingsTest {

  @RegisterExtension final Bench bench = new Bench();
  private final Events events = new Events();

  private TcpPool.Builder builder(TcpPeer peer, HostileFraming framing) {
    return linesTo(peer.hostPort()).framing(framing).connections(0, 2).listener(events);
  }

  static Stream<Arguments> everyMischiefEverywhere() {
    return Stream.of(Place.values())
        .flatMap(
            place -> Stream.of(Mischief.values()).map(mischief -> Arguments.of(place, mischief)));
  }

  @ParameterizedTest
  @MethodSource("everyMischiefEverywhere")
  void aFramingThatMisbehavesCostsItsOwnCallerOnly(Place place, Mischief mischief)
      throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    HostileFraming framing = new HostileFraming(place, mischief::happen);
    TcpPool pool = bench.pool(builder(peer, framing));
    Bystanders others = Bystanders.start(bench, pool, 2);
    for (int i = 0; i < 3; i++) {
      Throwable thrown = bench.start(() -> misbehave(pool)).result();
      boolean expected =
          mischief == Mischief.INTERRUPTS_ITS_THREAD
              ? thrown == null || mischief.isThrown(thrown)
              : thrown != null && mischief.isThrown(thrown);
      assertThat(expected).as(() -> "what the caller got: " + name(thrown)).isTrue();
    }
    assertThat(framing.happened).hasPositiveValue();
    others.end();
  }

  private static Throwable misbehave(TcpPool pool) {
    try {
      byte[] reply = pool.exchange(utf8("bad"), within(3_000));
      assertThat(reply).isEqualTo(utf8("bad"));
      return null;
    } catch (Throwable t) {
      return t;
    }
  }

  private static String name(Throwable t) {
    return t == null ? "a reply" : t.getClass().getName();
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void aFramingThatBlocksHoldsUpItsOwnCallerOnly(Place place) throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    CountDownLatch release = new CountDownLatch(1);
    HostileFraming framing = new HostileFraming(place, () -> awaitQuietly(release));
    TcpPool pool = bench.pool(builder(peer, framing));
    Task<byte[]> stuck = bench.start(() -> pool.exchange(utf8("bad"), within(8_000)));
    try {
      Bystanders others = Bystanders.start(bench, pool, 2);
      others.awaitMoreCalls(20);
      pool.lease(within(2_000)).discard();
      pool.update(o -> o.maxPending(99));
      pool.evict(endpoint -> false);
      others.end();
    } finally {
      release.countDown();
    }
    assertThat(stuck.result()).isEqualTo(utf8("bad"));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void aFramingMayUseThePool(Place place) throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool[] itself = new TcpPool[1];
    HostileFraming framing = new HostileFraming(place, () -> use(itself[0]));
    TcpPool pool = bench.pool(builder(peer, framing));
    itself[0] = pool;
    for (int i = 0; i < 3; i++) {
      assertThat(pool.exchange(utf8("bad"), within(3_000))).isEqualTo(utf8("bad"));
    }
    assertThat(framing.happened).hasPositiveValue();
  }

  private static void use(TcpPool pool) {
    try {
      assertThat(pool.exchange(utf8("good"), within(3_000))).isEqualTo(utf8("good"));
      pool.lease(within(3_000)).discard();
      assertThat(pool.snapshot().closed()).isFalse();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 100_000, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
  void anOverheadOutOfBoundsIsRefusedAndOneThatChangesLaterHoldsUpNobody(int overhead)
      throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    HostileFraming framing = new HostileFraming(Place.CHECK, () -> {});
    TcpPool pool = bench.pool(builder(peer, framing));
    framing.overhead = overhead;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> linesTo(peer.hostPort()).framing(framing))
        .withMessage("maxOverheadBytes of the framing must be 0 to 64, but was " + overhead);
    Task<byte[]> caller = bench.start(() -> pool.exchange(utf8("x"), within(3_000)));
    assertThat(caller.result()).isEqualTo(utf8("x"));
  }

  @Test
  void aFramingMayCloseThePoolUnderItsCaller() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool[] itself = new TcpPool[1];
    HostileFraming framing =
        new HostileFraming(Place.SCAN, () -> itself[0].close(Duration.ofMillis(50)));
    TcpPool pool = bench.pool(builder(peer, framing));
    itself[0] = pool;
    Task<byte[]> caller = bench.start(() -> pool.exchange(utf8("bad"), within(3_000)));
    awaitUntil(pool, "closed", PoolSnapshot::closed);
    awaitUntil(pool, "empty", now -> now.total() == 0);
    // Whether the reply counts is the pool's choice; that the caller ends and nothing stays is not.
    promptly().until(caller::isDone);
  }

  private static ConditionFactory promptly() {
    return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
  }

  // ---- what is read although nobody asked ----

  @ParameterizedTest
  @EnumSource(value = Mischief.class, mode = Mode.EXCLUDE, names = "INTERRUPTS_ITS_THREAD")
  void aFramingThatFailsAtBytesNobodyAskedForCostsTheirConnectionOnly(Mischief mischief)
      throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    HostileFraming framing = new HostileFraming(Place.SCAN, mischief::happen);
    TcpPool pool = bench.pool(builder(peer, framing).connections(0, 1));
    for (int i = 1; i <= 2; i++) {
      int number = i;
      promptly().until(() -> send(pool) && peer.accepted() == number);
      peer.connection(number).send("bad\n");
      peer.connection(number).close();
      // A message may still go to the connection that is ending; none may fail or wait in vain.
      promptly().until(() -> send(pool) && peer.accepted() == number + 1);
    }
    assertThat(framing.happened).hasPositiveValue();
    assertThat(pool.snapshot().total()).isLessThanOrEqualTo(1);
  }

  private static boolean send(TcpPool pool) throws IOException {
    pool.send(utf8("good"), within(3_000));
    return true;
  }

  @ParameterizedTest
  @EnumSource(Mischief.class)
  void aFramingThatFailsWhileAReceiverLeadsCostsItsConnectionOnly(Mischief mischief)
      throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    HostileFraming framing = new HostileFraming(Place.SCAN, mischief::happen);
    TcpPool pool = bench.pool(builder(peer, framing).connections(2));
    Bench.awaitIdle(pool, 2);
    peer.awaitAccepted(2);
    Task<byte[]> leader = bench.start(() -> pool.receive(within(5_000)));
    Task<byte[]> follower = bench.start(() -> pool.receive(within(5_000)));
    peer.connection(1).send("bad\n");
    // One of the two got what was thrown (or the line, where nothing was); the other goes on.
    promptly().until(() -> leader.isDone() || follower.isDone());
    Task<byte[]> alive = leader.isDone() ? follower : leader;
    peer.connection(2).send("good\n");
    Task<byte[]> third = bench.start(() -> pool.receive(within(5_000)));
    peer.connection(2).send("good\n");
    assertThat(alive.result()).isEqualTo(utf8("good"));
    assertThat(third.result()).isEqualTo(utf8("good"));
    if (mischief != Mischief.INTERRUPTS_ITS_THREAD) {
      events.awaitClosed(CloseReason.OWNER_FAILED, 1);
    }
  }
}
