package io.github.tcppool;

import static io.github.tcppool.Bench.awaitUntil;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static io.github.tcppool.Bench.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners that throw, block, interrupt their thread or call the pool: nobody else notices. */
class HostileListenersTest {

  @RegisterExtension final Bench bench = new Bench();
  private final Events events = new Events();

  /** Everything a pool tells of: openings, ends, an outage, a change of options. */
  private static void live(TcpPool pool, TcpPeer peer) throws IOException {
    for (int i = 0; i < 5; i++) {
      assertThat(pool.exchange(utf8("before"), within(2_000))).isEqualTo(utf8("before"));
      pool.lease(within(2_000)).discard();
    }
    pool.update(o -> o.maxIdle(Duration.ofMinutes(3)));
    pool.evict();
    peer.kill();
    assertThatThrownBy(() -> pool.exchange(utf8("during"), within(50)))
        .isInstanceOf(IOException.class);
    awaitUntil(pool, "down", now -> !now.endpoints().get(0).up());
    peer.restart();
    assertThat(pool.exchange(utf8("after"), within(2_000))).isEqualTo(utf8("after"));
    awaitUntil(pool, "up", now -> now.endpoints().get(0).up());
    assertThat(Thread.currentThread().isInterrupted()).as("interrupt flag").isFalse();
  }

  @ParameterizedTest
  @EnumSource(Mischief.class)
  void aListenerThatMisbehavesAtEveryEventHarmsNobody(Mischief mischief) throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(1, 2)
                .listener(event -> mischief.happen())
                .listener(events));
    live(pool, peer);
    CloseReport report = pool.close(Duration.ofSeconds(2));
    assertThat(report.forced()).isZero();
    events.awaitFirst(PoolEvent.PoolClosed.class);
    assertThat(events.of(PoolEvent.ConnectionOpened.class))
        .hasSameSizeAs(events.of(PoolEvent.ConnectionClosed.class));
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        PoolEvent.ConnectionOpened.class,
        PoolEvent.ConnectionClosed.class,
        PoolEvent.EndpointDown.class,
        PoolEvent.DialFailed.class,
        PoolEvent.EndpointUp.class,
        PoolEvent.OptionsUpdated.class,
        PoolEvent.PoolClosed.class
      })
  void aListenerThatBlocksHoldsUpNobody(Class<? extends PoolEvent> kind) throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    CountDownLatch release = new CountDownLatch(1);
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(1, 2)
                .listener(event -> blockAt(kind, event, release))
                .listener(events));
    try {
      live(pool, peer);
      long start = System.nanoTime();
      CloseReport report = pool.close(Duration.ofSeconds(5));
      // Nothing is leased and the peer ends in order: what is left is the 100 ms that listeners
      // get.
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      assertThat(report.forced()).isZero();
    } finally {
      release.countDown();
    }
    assertThat(events.awaitFirst(PoolEvent.PoolClosed.class)).isNotNull();
  }

  private static void blockAt(
      Class<? extends PoolEvent> kind, PoolEvent event, CountDownLatch release) {
    if (kind.isInstance(event)) {
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void aListenerMayUseThePoolAtEveryEventAlthoughThereIsOneConnection() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool[] itself = new TcpPool[1];
    AtomicInteger visits = new AtomicInteger();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    PoolListener listener =
        event -> {
          if (visits.incrementAndGet() <= 30 && !(event instanceof PoolEvent.PoolClosed)) {
            try {
              useEverything(itself[0]);
            } catch (IOException | RuntimeException | Error e) {
              failures.add(e);
            }
          }
        };
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1).listener(listener));
    itself[0] = pool;
    Bystanders others = Bystanders.start(bench, pool, 2);
    for (int i = 0; i < 5; i++) {
      pool.lease(within(2_000)).discard();
      others.awaitMoreCalls(2);
    }
    await("30 visits").until(() -> visits.get() >= 30);
    others.end();
    assertThat(failures).isEmpty();
  }

  private static void useEverything(TcpPool pool) throws IOException {
    assertThat(pool.exchange(utf8("within"), within(2_000))).isEqualTo(utf8("within"));
    String said = pool.exchange((in, out) -> "talk", within(2_000));
    assertThat(said).isEqualTo("talk");
    pool.lease(within(2_000)).discard();
    pool.tryLease().ifPresent(PooledSocket::discard);
    pool.update(o -> o.maxPending(500));
    pool.evict(endpoint -> false);
    assertThat(pool.snapshot().closed()).isFalse();
  }

  @Test
  void aListenerMayCloseThePoolThatIsBeingClosed() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool[] itself = new TcpPool[1];
    Queue<CloseReport> reports = new ConcurrentLinkedQueue<>();
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .connections(3)
                .listener(
                    event -> {
                      if (event instanceof PoolEvent.ConnectionClosed) {
                        reports.add(itself[0].close(Duration.ofSeconds(5)));
                      }
                    }));
    itself[0] = pool;
    Bench.awaitIdle(pool, 3);
    long start = System.nanoTime();
    CloseReport report = pool.close(Duration.ofSeconds(5));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    assertThat(report.drained()).isEqualTo(3);
    await("each listener's close to return").until(() -> reports.size() == 3);
    assertThat(reports).containsOnly(report);
  }
}
