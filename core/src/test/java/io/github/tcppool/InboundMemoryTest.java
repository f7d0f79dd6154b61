package io.github.tcppool;

import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.text;
import static io.github.tcppool.Bench.utf8;
import static io.github.tcppool.Bench.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.sun.management.ThreadMXBean;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What nobody takes has an end, whoever received once, and is not lost in silence. */
class InboundMemoryTest {

  private static final int SENDS = 100_000;
  private static final int ROUNDS = 100;

  /** The smallest there may be: one line of {@link #LINE} fits, two do not. */
  private static final int LIMIT_BYTES = 1_024;

  private static final String LINE = "x".repeat(900);

  @RegisterExtension final Bench bench = new Bench();
  private final Events events = new Events();
  @RegisterExtension final Logged log = new Logged(Level.WARN);

  private TcpPool pool(TcpPeer peer, int connections) {
    return bench.pool(
        linesTo(peer.hostPort())
            .connections(0, connections)
            .maxInboundBytes(LIMIT_BYTES)
            .drainTimeout(Duration.ofMillis(50))
            .listener(events));
  }

  private static void receiveInVain(TcpPool pool) {
    assertThatThrownBy(() -> pool.receive(within(1))).isInstanceOf(CallTimeoutException.class);
  }

  private List<String> drops() {
    return log.all().stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains("dropped"))
        .toList();
  }

  @Test
  void sendsBesideAnAnswerThatNobodyTakesLeaveNothingBehind() throws Exception {
    TcpPeer peer =
        bench.serving(
            bench
                .newPeer()
                .keepFrames(0)
                .behaviour(Behaviour.sends("answer\n").then(Behaviour.sink()))
                .start());
    TcpPool pool = pool(peer, 1);
    receiveInVain(pool);
    byte[] message = utf8("message");
    for (int i = 0; i < 20_000; i++) {
      pool.send(message); // what compiling, and reading the answer, makes is made by then
    }
    long before = allocated();
    for (int i = 0; i < SENDS; i++) {
      pool.send(message);
    }
    assertThat(allocated() - before).as("bytes made by %s sends", SENDS).isLessThan(SENDS);
    assertThat(pool.receive()).isEqualTo(utf8("answer"));
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  @Test
  void connectionsThatAreGoneAreNotHeldForAReceiverThatNeverComesBack() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo().afterFrames(1, Behaviour.close()));
    TcpPool pool = pool(peer, 1);
    receiveInVain(pool);
    long before = connectionsInHeap();
    answerAndClose(pool, peer, ROUNDS);
    assertThat(connectionsInHeap() - before).isLessThan(ROUNDS / 2);
  }

  /** Each round is a connection that is new, answers once, and ends. */
  private void answerAndClose(TcpPool pool, TcpPeer peer, int rounds) {
    await()
        .atMost(Bench.PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              pool.send(utf8(LINE));
              return peer.accepted() > rounds;
            });
  }

  /** As the JVM counts them, after a collection. */
  private static long connectionsInHeap() throws Exception {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    return histogram
        .lines()
        .map(String::strip)
        .map(line -> line.split(" +"))
        .filter(row -> row.length > 3 && row[3].equals("io.github.tcppool.internal.Connection"))
        .mapToLong(row -> Long.parseLong(row[1]))
        .sum();
  }

  @Test
  void whatPeersSayBeforeTheyEndIsKeptUpToALimitAndTheRestIsTold() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo().afterFrames(1, Behaviour.close()));
    TcpPool pool = pool(peer, 1);
    receiveInVain(pool);
    answerAndClose(pool, peer, ROUNDS);
    int kept = pool.snapshot().inboundFrames();
    assertThat(kept).isBetween(2, 16 * LIMIT_BYTES / LINE.length());
    assertThat(drops()).hasSize(1);
    for (int i = 0; i < kept; i++) {
      assertThat(pool.receive()).isEqualTo(utf8(LINE));
    }
    pool.send(utf8("there is room again"));
    assertThat(pool.receive()).isIn(utf8(LINE), utf8("there is room again"));
  }

  @Test
  void whatArrivesBetweenExchangesIsKeptUpToALimitPerConnectionAndTheRestIsTold() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = pool(peer, 1);
    receiveInVain(pool);
    assertThat(pool.exchange(utf8("first"))).isEqualTo(utf8("first"));
    long sent = 6;
    for (int i = 0; i < 5; i++) {
      peer.connection(1).send(LINE + "\n");
      String request = "request " + i;
      assertThat(pool.exchange(utf8(request))).isEqualTo(utf8(request));
      sent += LINE.length() + 1 + request.length() + 1;
      long all = sent;
      await().until(() -> peer.connection(1).bytesSent() == all);
    }
    assertThat(pool.snapshot().inboundFrames()).isEqualTo(1);
    assertThat(drops()).hasSize(1).first().asString().contains(pool.snapshot().name());
    assertThat(pool.receive()).isEqualTo(utf8(LINE));
    peer.connection(1).send("news\n");
    assertThat(pool.exchange(utf8("last"))).isEqualTo(utf8("last"));
    assertThat(pool.receive()).isEqualTo(utf8("news"));
    assertThat(peer.accepted()).isEqualTo(1);
  }

  @Test
  void beforeTheFirstReceiveEveryConnectionMayHaveItsLimit() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = pool(peer, 5);
    for (int number = 1; number <= 5; number++) {
      leaveAnswered(pool, peer, number);
    }
    for (int number = 1; number <= 5; number++) {
      assertThat(text(pool.receive())).endsWith(LINE);
    }
    assertThat(drops()).isEmpty();
  }

  private static void giveBack(PooledSocket lease) {
    try {
      lease.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The peer's last words on a connection that sent one message. */
  private void leaveAnswered(TcpPool pool, TcpPeer peer, int number) throws IOException {
    pool.send(utf8("message " + number));
    peer.awaitAccepted(number).send(number + LINE + "\n");
    peer.connection(number).close();
    await()
        .atMost(Bench.PATIENCE)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              pool.tryLease().ifPresent(InboundMemoryTest::giveBack); // after a look at it
              return pool.snapshot().idle() == 0;
            });
  }
}
