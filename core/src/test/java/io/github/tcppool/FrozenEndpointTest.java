package io.github.tcppool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.balance.Balancer;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.PeerConnection;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One of eight endpoints with one connection each stops reading, or one of eight connections. */
@Timeout(60)
@Tag("alone") // shares are even as far as the scheduler is
class FrozenEndpointTest {

  private static final int ENDPOINTS = 8;
  private static final byte[] MESSAGE = new byte[1_023];

  @RegisterExtension final Bench bench = new Bench();

  /** A pool whose first endpoint is this one; all others read. */
  private TcpPool pool(TcpPeer first, Balancer balancer) {
    List<String> addresses = new ArrayList<>();
    addresses.add(first.hostPort());
    while (addresses.size() < ENDPOINTS) {
      addresses.add(bench.peer(Behaviour.sink()).hostPort());
    }
    TcpPool pool =
        bench.pool(
            Bench.smallBuffersTo(addresses.toArray(String[]::new))
                .connections(1)
                .callTimeout(Duration.ofSeconds(50))
                .balancer(balancer));
    Bench.awaitIdle(pool, ENDPOINTS);
    return pool;
  }

  /** Sends until told to stop or until its endpoint is killed. */
  private static void send(TcpPool pool, int messages, LongAdder sent) {
    try {
      for (int i = 0; i < messages; i++) {
        pool.send(MESSAGE);
        sent.increment();
      }
    } catch (IOException e) {
      // it was stuck where the peer was killed
    }
  }

  @Test
  void itDelaysOneMessageOfOneSenderAndIsPickedLessOften() {
    frozen(
        Balancer.leastLoaded(),
        1.0 / ENDPOINTS); // not never: who is in the middle of a write looks as busy
  }

  @Test
  void itDelaysOneMessageOfOneSenderWhoeverPicksIt() {
    frozen(Balancer.roundRobin(), 1.1 / ENDPOINTS);
  }

  @Test
  void oneOfEightConnectionsToOneEndpointDelaysOneMessageOfOneSender() {
    TcpPeer peer =
        bench.serving(bench.newPeer().behaviour(Behaviour.sink()).receiveBuffer(8 << 10).start());
    TcpPool pool =
        bench.pool(
            Bench.smallBuffersTo(peer.hostPort())
                .connections(ENDPOINTS)
                .callTimeout(Duration.ofSeconds(50)));
    Bench.awaitIdle(pool, ENDPOINTS);
    PeerConnection frozen = peer.awaitAccepted(1);
    frozen.pause();
    AtomicInteger done = senders(pool, 4);
    await("all senders but one").atMost(Duration.ofSeconds(30)).until(() -> done.get() >= 3);

    assertThat(pool.snapshot().leased()).as("who is stuck there").isEqualTo(1);
    frozen.resume();
    await("the one that was stuck").until(() -> done.get() == 4);
    assertThat(pool.snapshot().endpoints().get(0).opened()).isEqualTo(ENDPOINTS);
  }

  /** So many threads, each of which sends a thousand messages; counts those that are done. */
  private AtomicInteger senders(TcpPool pool, int senders) {
    AtomicInteger done = new AtomicInteger();
    for (int i = 0; i < senders; i++) {
      Task<?> unused =
          bench.start(
              () -> {
                send(pool, 1_000, new LongAdder());
                return done.incrementAndGet();
              });
    }
    return done;
  }

  private void frozen(Balancer balancer, double mostPicks) {
    TcpPeer peer = bench.stalledPeer();
    TcpPool pool = pool(peer, balancer);
    int senders = 4;
    AtomicInteger done = senders(pool, senders);
    await("all senders but one").atMost(Duration.ofSeconds(30)).until(() -> done.get() >= 3);

    PoolSnapshot now = pool.snapshot();
    EndpointSnapshot frozen = now.endpoints().get(0);
    assertThat(frozen.leased()).as("who is stuck there").isEqualTo(1);
    assertThat(frozen.load()).as("what its peer does not take").isGreaterThan(1);
    double picks = now.endpoints().stream().mapToLong(EndpointSnapshot::picks).sum();
    assertThat(frozen.picks() / picks).isLessThan(mostPicks);
    peer.kill();
    await("the one that was stuck").until(() -> done.get() == senders);
  }

  /** Both pools work at the same time, so that a busy machine hinders both. */
  @Test
  @Tag("slow")
  void theOthersCarryMoreThan85PercentOfTheirShareOfTheTraffic() throws InterruptedException {
    TcpPeer peer = bench.stalledPeer();
    LongAdder healthy = new LongAdder();
    LongAdder hindered = new LongAdder();
    List<Task<?>> tasks = new ArrayList<>();
    TcpPool whole = pool(bench.peer(Behaviour.sink()), Balancer.leastLoaded());
    TcpPool seven = pool(peer, Balancer.leastLoaded());
    for (int i = 0; i < ENDPOINTS; i++) {
      tasks.add(bench.start(() -> endless(whole, healthy)));
      tasks.add(bench.start(() -> endless(seven, hindered)));
    }
    Bench.awaitUntil(seven, "stuck", now -> now.endpoints().get(0).load() > 1_000);
    healthy.reset();
    hindered.reset();
    await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
    double ratio = (double) hindered.sum() / healthy.sum();
    peer.kill();
    tasks.forEach(task -> task.thread().interrupt());

    assertThat(ratio).isGreaterThan(0.85 * 7 / 8);
  }

  private static boolean endless(TcpPool pool, LongAdder sent) {
    send(pool, Integer.MAX_VALUE, sent);
    return true;
  }
}
