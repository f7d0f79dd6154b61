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

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connect hooks and conversations that throw, block, interrupt or call the pool. */
class HostileDialoguesTest {

  @RegisterExtension final Bench bench = new Bench();

  // ---- hooks ----

  @ParameterizedTest
  @EnumSource(Mischief.class)
  void aHookThatMisbehavesFailsItsDialAndNoOther(Mischief mischief) throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    AtomicInteger dials = new AtomicInteger();
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(0, 2)
                .onConnect(
                    (socket, endpoint) -> {
                      if (dials.incrementAndGet() % 2 == 1) {
                        mischief.happen();
                      }
                    }));
    for (int i = 0; i < 4; i++) {
      assertThat(pool.exchange(utf8("x"), within(3_000))).isEqualTo(utf8("x"));
      pool.lease(within(3_000)).discard();
    }
    if (mischief != Mischief.INTERRUPTS_ITS_THREAD) { // which does not fail a dial
      assertThat(pool.snapshot().endpoints().get(0).dialFailures()).isPositive();
      assertThat(pool.snapshot().endpoints().get(0).lastFailure()).contains("dial failed: ");
    }
    awaitUntil(pool, "no dial under way", now -> now.dialing() == 0);
    Bench.checkFigures(pool.snapshot());
  }

  @Test
  void aHookThatBlocksKeepsOnePlaceAndNoMore() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger dials = new AtomicInteger();
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(0, 2)
                .onConnect(
                    (socket, endpoint) -> {
                      if (dials.incrementAndGet() == 1) {
                        awaitQuietly(release);
                      }
                    }));
    Bystanders others = Bystanders.start(bench, pool, 3);
    others.awaitMoreCalls(30);
    assertThat(pool.snapshot().dialing()).isEqualTo(1);
    others.end();
    release.countDown();
    awaitUntil(pool, "the dial has ended", now -> now.dialing() == 0);
  }

  @Test
  void aHookThatBlocksDoesNotKeepThePoolFromClosing() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    CountDownLatch release = new CountDownLatch(1);
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(1)
                .onConnect((socket, endpoint) -> awaitQuietly(release)));
    awaitUntil(pool, "a dial", now -> now.dialing() == 1);
    long start = System.nanoTime();
    pool.close(Duration.ofMillis(100));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    release.countDown();
  }

  @Test
  void aHookMayUseThePoolAndCloseIt() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool[] itself = new TcpPool[1];
    AtomicInteger dials = new AtomicInteger();
    AtomicBoolean mayClose = new AtomicBoolean(); // the use of the pool by the hook dials as well
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(0, 3)
                .onConnect(
                    (socket, endpoint) -> {
                      int dial = dials.incrementAndGet();
                      if (dial == 2) {
                        useAll(itself[0]);
                      } else if (mayClose.get()) {
                        itself[0].close(Duration.ofMillis(50));
                      }
                    }));
    itself[0] = pool;
    PooledSocket held = pool.lease(within(3_000));
    Task<PooledSocket> second = bench.start(() -> pool.lease(within(3_000)));
    held.close();
    second.result().close();
    awaitUntil(pool, "no dial under way", now -> now.dialing() == 0);
    mayClose.set(true);
    Task<Throwable> all = bench.start(() -> leaseUntilClosed(pool));
    assertThat(all.result()).isInstanceOf(PoolClosedException.class);
    awaitUntil(pool, "nothing left", now -> now.total() == 0);
  }

  private static Throwable leaseUntilClosed(TcpPool pool) {
    try {
      while (true) {
        PooledSocket one = pool.lease(within(3_000));
        one.discard();
      }
    } catch (IOException e) {
      return e;
    }
  }

  // ---- conversations ----

  @ParameterizedTest
  @EnumSource(Mischief.class)
  void aConversationThatMisbehavesCostsItsOwnConnectionOnly(Mischief mischief) {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 2));
    Bystanders others = Bystanders.start(bench, pool, 3);
    for (int i = 0; i < 3; i++) {
      assertDone(mischief, failureOf(bench, () -> pool.exchange((in, out) -> talk(mischief), BAD)));
      assertDone(
          mischief,
          failureOf(bench, () -> pool.exchange((in, out) -> askAndTalk(in, out, mischief), BAD)));
    }
    others.end();
  }

  private static boolean talk(Mischief mischief) {
    mischief.happen();
    return true;
  }

  private static boolean askAndTalk(InputStream in, OutputStream out, Mischief mischief)
      throws IOException {
    out.write(utf8("half a"));
    mischief.happen();
    out.write(utf8(" line\n"));
    return in.readNBytes(12).length == 12;
  }

  @Test
  void aConversationThatBlocksOrUsesThePoolHoldsUpNobody() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    CountDownLatch release = new CountDownLatch(1);
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 3));
    Task<Boolean> stuck =
        bench.start(
            () ->
                pool.exchange(
                    (in, out) -> {
                      awaitQuietly(release);
                      return true;
                    },
                    within(8_000)));
    Bystanders others = Bystanders.start(bench, pool, 3);
    for (int i = 0; i < 3; i++) {
      boolean done =
          pool.exchange(
              (in, out) -> {
                useAll(pool);
                return true;
              },
              within(5_000));
      assertThat(done).isTrue();
    }
    others.end();
    release.countDown();
    assertThat(stuck.result()).isTrue();
  }

  @Test
  void aConversationMayCloseThePoolUnderItself() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 2));
    CloseReport report =
        pool.exchange((in, out) -> pool.close(Duration.ofMillis(50)), within(3_000));
    assertThat(report.forced()).isEqualTo(1);
    awaitUntil(pool, "nothing left", now -> now.total() == 0);
  }
}
