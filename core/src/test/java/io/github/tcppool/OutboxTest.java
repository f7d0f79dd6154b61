package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.awaitUntil;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.smallBuffersTo;
import static io.github.tcppool.Bench.text;
import static io.github.tcppool.Bench.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.PeerConnection;
import io.github.tcppool.testkit.TcpPeer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The outbox over real sockets. */
@Timeout(30)
class OutboxTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  @RegisterExtension final Bench bench = new Bench();

  @Test
  void everyMessageOfManyThreadsArrivesOnceAndInTheOrderOfItsThread() throws Exception {
    TcpPeer peer =
        bench.serving(TcpPeer.builder().behaviour(Behaviour.sink()).keepFrames(50_000).start());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(1));
    Outbox outbox = pool.outbox(OutboxOptions.defaults().overflow(Overflow.block(SOON)));
    List<Task<Integer>> senders =
        IntStream.range(0, 4).mapToObj(s -> bench.start(() -> offerMany(outbox, s))).toList();
    senders.forEach(Task::result);
    assertThat(outbox.flush(SOON)).isTrue();
    peer.awaitFrames(20_000);
    int[] next = new int[4];
    for (String line : peer.texts()) {
      String[] parts = line.strip().split(" ", 2);
      int sender = Integer.parseInt(parts[0]);
      assertThat(Integer.parseInt(parts[1])).as("of sender %d", sender).isEqualTo(next[sender]++);
    }
    assertThat(next).containsOnly(5_000);
    assertThat(pool.snapshot().messages()).isEqualTo(20_000);
    OutboxSnapshot figures = pool.snapshot().outboxes().get(0);
    assertThat(figures.sent()).isEqualTo(20_000);
    assertThat(figures.queued()).isZero();
  }

  private static int offerMany(Outbox outbox, int sender) {
    for (int i = 0; i < 5_000; i++) {
      assertThat(outbox.offer(utf8(sender + " " + i))).isTrue();
    }
    return sender;
  }

  @Test
  void batchesGoRoundTheConnections() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(4));
    awaitIdle(pool, 4);
    peer.awaitAccepted(4);
    Outbox outbox = pool.outbox(OutboxOptions.defaults().overflow(Overflow.block(SOON)));
    for (int i = 0; i < 20_000; i++) {
      outbox.offer(utf8("message " + i));
    }
    assertThat(outbox.flush(SOON)).isTrue();
    peer.awaitFrames(20_000);
    assertThat(peer.connections()).allMatch(connection -> connection.framesReceived() > 0);
  }

  @Test
  void anOutageIsSurvivedInOrderAndWithoutLoss() throws Exception {
    TcpPeer peer =
        bench.serving(TcpPeer.builder().behaviour(Behaviour.sink()).keepFrames(2_000).start());
    Queue<String> lost = new ConcurrentLinkedQueue<>();
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(1));
    Outbox outbox =
        pool.outbox(OutboxOptions.defaults().listener((message, cause) -> lost.add(text(message))));
    outbox.offer(utf8("before"));
    peer.awaitFrames(1);
    peer.kill();
    for (int i = 0; i < 1_000; i++) {
      assertThat(outbox.offer(utf8("during " + i))).isTrue();
    }
    assertThat(outbox.flush(Duration.ofMillis(20))).isFalse();
    peer.restart();
    assertThat(outbox.flush(SOON)).isTrue();
    peer.awaitFrames(1_001);
    assertThat(peer.texts().stream().map(String::strip).filter(line -> line.startsWith("during")))
        .containsExactlyElementsOf(IntStream.range(0, 1_000).mapToObj(i -> "during " + i).toList());
    assertThat(lost).isEmpty();
  }

  @Test
  void aPeerThatStopsReadingCostsOneMessageAndTheRestGoesElsewhere() throws Exception {
    TcpPeer stalled = bench.stalledPeer();
    Queue<CallFailure> lost = new ConcurrentLinkedQueue<>();
    TcpPool pool =
        bench.pool(
            smallBuffersTo(stalled.hostPort())
                .connections(0, 1)
                .writeTimeout(Duration.ofMillis(100)));
    Outbox outbox =
        pool.outbox(
            OutboxOptions.defaults().listener((message, cause) -> lost.add((CallFailure) cause)));
    byte[] large = utf8("x".repeat(500_000));
    outbox.offer(large);
    outbox.offer(utf8("behind it"));
    awaitUntil(pool, "the first was torn", now -> now.outboxes().get(0).failed() >= 1);
    stalled.behave(Behaviour.sink());
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(lost).first().satisfies(it -> assertThat(it.outcome()).isEqualTo(Outcome.PARTIAL));
    assertThat(outbox.snapshot().sent()).isEqualTo(1);
  }

  @Test
  void closingThePoolSendsWhatIsQueuedAndEndsTheOutbox() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    Outbox outbox = pool.outbox();
    for (int i = 0; i < 5_000; i++) {
      assertThat(outbox.offer(utf8("message " + i))).isTrue();
    }
    CloseReport report = pool.close(SOON);
    assertThat(report.forced()).isZero();
    peer.awaitFrames(5_000);
    assertThat(outbox.offer(utf8("late"))).isFalse();
    assertThat(outbox.snapshot().closed()).isTrue();
    assertThat(pool.snapshot().outboxes()).isEmpty();
    Outbox ofClosed = pool.outbox();
    assertThat(ofClosed.offer(utf8("never"))).isFalse();
    assertThat(ofClosed.snapshot().closed()).isTrue();
  }

  @Test
  void closingThePoolOfADeadServerTellsWhatIsLostInTime() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    peer.kill();
    Queue<String> lost = new ConcurrentLinkedQueue<>();
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    Outbox outbox =
        pool.outbox(OutboxOptions.defaults().listener((message, cause) -> lost.add(text(message))));
    outbox.offer(utf8("a"));
    outbox.offer(utf8("b"));
    long start = System.nanoTime();
    CloseReport unused = pool.close(Duration.ofMillis(100));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Bench.SOON);
    assertThat(lost).containsExactly("a", "b");
  }

  @Test
  void whatACloseCouldNotSendComesBackInOrder() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    peer.kill();
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    Outbox outbox = pool.outbox();
    for (String message : List.of("a", "b", "c")) {
      outbox.offer(utf8(message));
    }
    List<String> left = new ArrayList<>();
    outbox.close(Duration.ofMillis(50)).forEach(message -> left.add(text(message)));
    assertThat(left).containsExactly("a", "b", "c");
  }

  @Test
  void anOfferAllocatesNothing() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(1));
    awaitIdle(pool, 1);
    Outbox outbox = pool.outbox(OutboxOptions.defaults().overflow(Overflow.block(SOON)));
    byte[] message = utf8("message");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) { // the first ones also warm up
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int i = 0; i < 20_000; i++) {
        boolean unused = outbox.offer(message);
      }
      long used = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
      least = Math.min(least, used);
    }
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(least / 20_000.0).as("bytes per offer").isLessThan(1);
  }

  @Test
  void limitsThatMakeNoSenseAreRefused() {
    OutboxOptions options = OutboxOptions.defaults();
    assertRefused(() -> options.maxMessages(0), "maxMessages must be 1 to 4194304, but was 0");
    assertRefused(() -> options.maxBytes(0), "maxBytes must be 1 to 1099511627775, but was 0");
    assertRefused(() -> options.batchBytes(1), "batchBytes must be 1024 to 1048576, but was 1");
    assertRefused(() -> options.linger(Duration.ofMillis(-1)), "linger must not be negative");
    assertRefused(() -> options.maxAge(Duration.ofMillis(-1)), "maxAge must not be negative");
    assertRefused(() -> options.name(" "), "name must have 1 to 64 characters");
    assertRefused(() -> Overflow.block(Duration.ZERO), "patience must be at least 1 ms");
    assertThatThrownBy(() -> options.listener(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> options.overflow(null)).isInstanceOf(NullPointerException.class);
  }

  private static void assertRefused(Runnable setting, String why) {
    assertThatThrownBy(setting::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void severalOutboxesOfAPoolKeepToThemselves() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    try (Outbox first = pool.outbox(OutboxOptions.defaults().name("first"));
        Outbox second = pool.outbox(OutboxOptions.defaults().name("second"))) {
      first.offer(utf8("a"));
      second.offer(utf8("b"));
      assertThat(first.flush(SOON)).isTrue();
      assertThat(second.flush(SOON)).isTrue();
      assertThat(pool.snapshot().outboxes())
          .extracting(OutboxSnapshot::name, OutboxSnapshot::sent)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("first", 1L),
              org.assertj.core.groups.Tuple.tuple("second", 1L));
    }
    peer.awaitFrames(2);
    assertThat(peer.connections()).noneMatch(PeerConnection::sawReset);
  }
}
