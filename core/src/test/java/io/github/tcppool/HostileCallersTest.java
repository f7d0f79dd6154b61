package io.github.tcppool;

import static io.github.tcppool.Bench.awaitUntil;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static io.github.tcppool.Bench.within;
import static io.github.tcppool.Misdeeds.BAD;
import static io.github.tcppool.Misdeeds.assertDone;
import static io.github.tcppool.Misdeeds.awaitQuietly;
import static io.github.tcppool.Misdeeds.failureOf;
import static io.github.tcppool.Misdeeds.useAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.balance.Balancer;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Balancers, changes and predicates that throw, block, interrupt or call the pool. */
class HostileCallersTest {

  @RegisterExtension final Bench bench = new Bench();

  // ---- balancers ----

  private TcpPool poolOfTwo(Balancer balancer) {
    TcpPeer one = bench.peer(Behaviour.echo());
    TcpPeer two = bench.peer(Behaviour.echo());
    return bench.pool(linesTo(one.hostPort(), two.hostPort()).connections(0, 1).balancer(balancer));
  }

  /** Takes turns, but for the key {@code bad}. */
  private static Balancer badFor(Runnable mischief) {
    Balancer good = Balancer.roundRobin();
    return (candidates, key) -> {
      if ("bad".equals(key)) {
        mischief.run();
      }
      return good.pick(candidates, key);
    };
  }

  @ParameterizedTest
  @EnumSource(Mischief.class)
  void aBalancerThatMisbehavesCostsItsOwnCallerOnly(Mischief mischief) {
    TcpPool pool = poolOfTwo(badFor(mischief::happen));
    Bystanders others = Bystanders.start(bench, pool, 3);
    for (int i = 0; i < 3; i++) {
      assertDone(mischief, failureOf(bench, () -> pool.exchange(utf8("x"), BAD)));
      assertDone(mischief, failureOf(bench, () -> leaseAndReturn(pool)));
      assertDone(
          mischief, failureOf(bench, () -> pool.tryLease(BAD).map(HostileCallersTest::discarded)));
    }
    others.end();
  }

  private static boolean leaseAndReturn(TcpPool pool) throws IOException {
    pool.lease(BAD).close();
    return true;
  }

  private static boolean discarded(PooledSocket socket) {
    socket.discard();
    return true;
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void aBalancerThatPicksWhatIsNotThereIsToldTheRule(int index) {
    Balancer good = Balancer.roundRobin();
    TcpPool pool = poolOfTwo((all, key) -> "bad".equals(key) ? index : good.pick(all, key));
    Bystanders others = Bystanders.start(bench, pool, 3);
    assertThatThrownBy(() -> pool.exchange(utf8("x"), BAD))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("balancer must pick 0 to 1, but picked " + index);
    assertThatThrownBy(() -> pool.lease(BAD)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pool.tryLease(BAD)).isInstanceOf(IllegalStateException.class);
    others.end();
  }

  @Test
  void aBalancerThatBlocksHoldsUpItsOwnCallerOnly() {
    CountDownLatch release = new CountDownLatch(1);
    TcpPool pool = poolOfTwo(badFor(() -> awaitQuietly(release)));
    Task<byte[]> stuck = bench.start(() -> pool.exchange(utf8("x"), BAD));
    Bystanders others = Bystanders.start(bench, pool, 3);
    others.awaitMoreCalls(30);
    others.end();
    release.countDown();
    assertThat(stuck.result()).isEqualTo(utf8("x"));
  }

  @Test
  void aBalancerMayUseThePool() throws Exception {
    TcpPool[] itself = new TcpPool[1];
    TcpPool pool = poolOfTwo(badFor(() -> useAll(itself[0])));
    itself[0] = pool;
    for (int i = 0; i < 3; i++) {
      assertThat(pool.exchange(utf8("x"), BAD)).isEqualTo(utf8("x"));
    }
  }

  // ---- changes ----

  @ParameterizedTest
  @EnumSource(Mischief.class)
  void changesAndPredicatesThatMisbehaveChangeNothing(Mischief mischief) {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 2));
    Bystanders others = Bystanders.start(bench, pool, 3);
    PoolOptions before = pool.options();
    assertDone(mischief, failureOf(bench, () -> update(pool, mischief)));
    if (mischief != Mischief.INTERRUPTS_ITS_THREAD) {
      assertThat(pool.options()).isSameAs(before);
    }
    assertDone(mischief, failureOf(bench, () -> evict(pool, mischief)));
    others.end();
    assertThat(pool.snapshot().closedBy()).doesNotContainKey(CloseReason.EVICTED);
  }

  private static boolean update(TcpPool pool, Mischief mischief) {
    pool.update(
        o -> {
          o.connections(0, 3);
          mischief.happen();
        });
    return true;
  }

  private static boolean evict(TcpPool pool, Mischief mischief) {
    pool.evict(
        endpoint -> {
          mischief.happen();
          return false;
        });
    return true;
  }

  @Test
  void changesAndPredicatesThatBlockKeepNobodyFromChangingOrClosing() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(2);
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 2));
    Task<Boolean> updating = bench.start(() -> blockedUpdate(pool, inside, release));
    Task<Boolean> evicting = bench.start(() -> blockedEvict(pool, inside, release));
    inside.await();
    Bystanders others = Bystanders.start(bench, pool, 3);
    bench.start(() -> changeAll(pool)).result();
    others.end();
    assertThat(bench.start(() -> pool.close(Duration.ofSeconds(1))).result().forced()).isZero();
    release.countDown();
    assertThat(updating.result()).isTrue();
    assertThat(evicting.result()).isTrue();
    assertThat(pool.options().maxPending()).isEqualTo(555);
    assertThat(pool.options().maxIdle()).isEqualTo(Duration.ofMinutes(7));
  }

  private static boolean changeAll(TcpPool pool) {
    pool.update(o -> o.maxPending(555));
    pool.evict();
    return true;
  }

  private static boolean blockedUpdate(TcpPool pool, CountDownLatch in, CountDownLatch release) {
    pool.update(
        o -> {
          in.countDown();
          awaitQuietly(release);
          o.maxIdle(Duration.ofMinutes(7));
        });
    return true;
  }

  private static boolean blockedEvict(TcpPool pool, CountDownLatch in, CountDownLatch release) {
    pool.evict(
        endpoint -> {
          in.countDown();
          awaitQuietly(release);
          return true;
        });
    return true;
  }

  @Test
  void aChangeMayUseThePoolButNotChangeItAgain() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 2));
    pool.update(
        o -> {
          try {
            assertThat(pool.exchange(utf8("x"), within(3_000))).isEqualTo(utf8("x"));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          pool.evict();
        });
    assertThatThrownBy(() -> pool.update(o -> pool.update(p -> p.maxPending(1))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("within an update");
    pool.update(o -> o.maxPending(2));
    assertThat(pool.options().maxPending()).isEqualTo(2);
    awaitUntil(pool, "closed", now -> now.endpoints().get(0).closing() == 0);
  }

  @Test
  void aChangeThatHasAnotherThreadMakeOneIsGivenUpInTheEnd() {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 2));
    AtomicInteger pending = new AtomicInteger(1_000);
    assertThatThrownBy(() -> pool.update(o -> updateElsewhere(pool, pending)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("every change of options met another one");
  }

  private static void updateElsewhere(TcpPool pool, AtomicInteger pending) {
    Thread other =
        new Thread(() -> pool.update(o -> o.maxPending(pending.incrementAndGet())), "other");
    other.start();
    try {
      other.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
