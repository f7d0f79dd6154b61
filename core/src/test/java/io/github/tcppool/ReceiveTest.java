package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.awaitUntil;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.text;
import static io.github.tcppool.Bench.utf8;
import static io.github.tcppool.Bench.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Fan-in: frames from all connections, in order for each, none lost, bounded. */
class ReceiveTest {

  @RegisterExtension final Bench bench = new Bench();
  private final Events events = new Events();

  private TcpPool filledPool(TcpPeer peer, int connections) {
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(connections).listener(events));
    awaitIdle(pool, connections);
    peer.awaitAccepted(connections);
    return pool;
  }

  private static List<String> receive(TcpPool pool, int frames) throws IOException {
    List<String> received = new ArrayList<>();
    for (int i = 0; i < frames; i++) {
      received.add(text(pool.receive()));
    }
    return received;
  }

  @Test
  void framesOfAllConnectionsComeAndEachConnectionsInOrder() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = filledPool(peer, 5);
    for (int round = 0; round < 20; round++) {
      for (int number = 1; number <= 5; number++) {
        peer.connection(number).send("connection " + number + " frame " + round + "\n");
      }
    }
    List<String> received = receive(pool, 100);
    for (int number = 1; number <= 5; number++) {
      String prefix = "connection " + number + " ";
      assertThat(received.stream().filter(line -> line.startsWith(prefix)))
          .containsExactlyElementsOf(
              IntStream.range(0, 20).mapToObj(round -> prefix + "frame " + round).toList());
    }
  }

  @Test
  void aChattyConnectionDoesNotStarveTheOthers() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = filledPool(peer, 3);
    peer.connection(1).behave(Behaviour.flood(utf8("flood\n".repeat(100))));
    assertThat(pool.receive()).isEqualTo(utf8("flood"));
    peer.connection(2).send("me\n");
    peer.connection(3).send("too\n");
    List<String> seen = new ArrayList<>();
    while (!seen.containsAll(List.of("me", "too"))) {
      seen.add(text(pool.receive()));
      assertThat(seen).hasSizeLessThan(1_000_000);
    }
    peer.behave(Behaviour.sink());
  }

  @Test
  void aSenderAndAReceiverShareAConnection() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 2));
    Task<List<String>> receiver = bench.start(() -> receive(pool, 500));
    List<String> lines = PoolContract.lines("message", 500);
    for (String line : lines) {
      pool.send(utf8(line));
    }
    assertThat(receiver.result()).containsExactlyInAnyOrderElementsOf(lines);
    awaitUntil(pool, "nothing leased", now -> now.leased() == 0);
  }

  @Test
  void connectionsMadeForSendersThatWaitedAreReceivedFrom() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    assertThatThrownBy(() -> pool.receive(within(1))).isInstanceOf(CallTimeoutException.class);
    pool.send(utf8("dialed for me"));
    assertThat(pool.receive()).isEqualTo(utf8("dialed for me"));
    PooledSocket lease = pool.lease();
    Task<Object> sender =
        bench.start(
            () -> {
              pool.send(utf8("handed over to me"));
              return "sent";
            });
    awaitUntil(pool, "a sender that waits", now -> now.waiting() == 1);
    lease.close();
    sender.result();
    assertThat(pool.receive()).isEqualTo(utf8("handed over to me"));
    awaitUntil(pool, "nothing leased", now -> now.leased() == 0);
    assertThat(peer.accepted()).isEqualTo(1);
  }

  @Test
  void manyReceiversShareTheFrames() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = filledPool(peer, 4);
    List<Task<List<String>>> receivers =
        IntStream.range(0, 4).mapToObj(i -> bench.start(() -> receive(pool, 250))).toList();
    for (int i = 0; i < 250; i++) {
      peer.sendAll(utf8("frame " + i + "\n"));
    }
    AtomicInteger all = new AtomicInteger();
    receivers.forEach(receiver -> all.addAndGet(receiver.result().size()));
    assertThat(all).hasValue(1_000);
    assertThat(pool.snapshot().inboundFrames()).isZero();
  }

  @Test
  void anExchangeBesideAReceiverGetsItsOwnReply() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = filledPool(peer, 2);
    Task<byte[]> receiver = bench.start(() -> pool.receive());
    for (int i = 0; i < 200; i++) {
      assertThat(pool.exchange(utf8("request " + i))).isEqualTo(utf8("request " + i));
    }
    peer.connection(2).send("for the receiver\n");
    assertThat(receiver.result()).isEqualTo(utf8("for the receiver"));
  }

  @Test
  void aBadFrameEndsItsOwnConnectionOnly() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool =
        bench.pool(
            TcpPool.builder(peer.hostPort())
                .framing(Framing.lines().withMaxMessageBytes(100))
                .connections(2)
                .listener(events));
    awaitIdle(pool, 2);
    peer.awaitAccepted(2);
    Task<byte[]> receiver = bench.start(() -> pool.receive());
    peer.connection(1).send("good\n" + "x".repeat(200));
    assertThat(receiver.result()).isEqualTo(utf8("good"));
    Task<byte[]> next = bench.start(() -> pool.receive());
    events.awaitClosed(CloseReason.BAD_FRAME, 1);
    peer.connection(2).send("fine\n");
    assertThat(next.result()).isEqualTo(utf8("fine"));
  }

  @Test
  void aStreamThatEndsWithinAFrameYieldsWhatWasWhole() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = filledPool(peer, 1);
    peer.connection(1).send("whole\nha");
    peer.connection(1).close();
    assertThat(pool.receive()).isEqualTo(utf8("whole"));
    assertThatThrownBy(() -> pool.receive(within(50))).isInstanceOf(CallTimeoutException.class);
    events.awaitClosed(CloseReason.BAD_FRAME, 1);
  }

  @Test
  void aStreamThatEndsBetweenFramesIsNoFault() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = filledPool(peer, 1);
    peer.connection(1).send("whole\n");
    peer.connection(1).close();
    assertThat(pool.receive()).isEqualTo(utf8("whole"));
    assertThatThrownBy(() -> pool.receive(within(50))).isInstanceOf(CallTimeoutException.class);
    events.awaitClosed(CloseReason.PEER_CLOSED, 1);
  }

  @Test
  void whatArrivedBeforeTheFirstReceiveIsNotLost() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(3));
    List<String> lines = PoolContract.lines("early", 30);
    for (String line : lines) {
      pool.send(utf8(line));
    }
    peer.awaitFrames(30);
    assertThat(receive(pool, 30)).containsExactlyInAnyOrderElementsOf(lines);
  }

  @Test
  void anInterruptFreesTheReceiverAndLosesNoFrame() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = filledPool(peer, 2);
    Task<byte[]> leader = bench.start(() -> pool.receive());
    Task<byte[]> follower = bench.start(() -> pool.receive());
    for (Task<byte[]> receiver : List.of(leader, follower)) {
      receiver.interrupt();
      assertThat(receiver.failure()).isInstanceOf(CallInterruptedException.class);
      assertThat(receiver.keptInterruptFlag()).isTrue();
    }
    peer.connection(1).send("one\n");
    peer.connection(2).send("two\n");
    assertThat(receive(pool, 2)).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void closingThePoolTurnsReceiversAway() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = filledPool(peer, 1);
    List<Task<byte[]>> receivers =
        IntStream.range(0, 3).mapToObj(i -> bench.start(() -> pool.receive())).toList();
    peer.connection(1).send("last\n");
    awaitUntil(pool, "a frame taken", now -> receivers.stream().anyMatch(Task::isDone));
    pool.close();
    assertThat(receivers.stream().map(ReceiveTest::endOf))
        .containsExactlyInAnyOrder("last", "PoolClosedException", "PoolClosedException");
  }

  private static String endOf(Task<byte[]> receiver) {
    try {
      return text(receiver.result());
    } catch (AssertionError e) {
      return e.getCause().getClass().getSimpleName();
    }
  }

  @Test
  void whatArrivesBetweenExchangesIsReceivedOnceSomebodyReceives() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    assertThatThrownBy(() -> pool.receive(within(1))).isInstanceOf(CallTimeoutException.class);
    assertThat(pool.exchange(utf8("one"))).isEqualTo(utf8("one"));
    peer.connection(1).send("news\n");
    assertThat(pool.exchange(utf8("two"))).isEqualTo(utf8("two"));
    assertThat(pool.receive()).isEqualTo(utf8("news"));
    assertThat(peer.accepted()).isEqualTo(1);
  }

  @Test
  void aConnectionThatEndsUnderAReceiverIsReplacedAndTheReceiverGoesOn() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = filledPool(peer, 2);
    Task<byte[]> receiver = bench.start(() -> pool.receive(within(20_000)));
    for (int round = 1; round <= 2; round++) {
      peer.closeAll();
      events.awaitClosed(CloseReason.PEER_CLOSED, 2 * round);
      awaitIdle(pool, 2);
      peer.awaitAccepted(2 * round + 2);
    }
    peer.connections().get(peer.accepted() - 1).send("still here\n");
    assertThat(receiver.result()).isEqualTo(utf8("still here"));
  }

  @Test
  void withoutAFramingWhatArrivesIsHandedOverAsItComes() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(TcpPool.builder(peer.hostPort()).connections(1));
    peer.awaitAccepted(1).send("some bytes");
    StringBuilder all = new StringBuilder();
    while (all.length() < 10) {
      all.append(text(pool.receive()));
    }
    assertThat(all).hasToString("some bytes");
  }
}
