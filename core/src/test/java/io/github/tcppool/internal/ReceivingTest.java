package io.github.tcppool.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallOptions;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.CloseReason;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** The receiver beside those who send, lease and close. */
@Timeout(20)
class ReceivingTest {

  private static final CallOptions SOON = CallOptions.within(Duration.ofSeconds(5));

  private Loopback server;
  private TcpPool pool;

  @BeforeEach
  void open() throws IOException {
    server = new Loopback();
    pool =
        TcpPool.builder(server.hostPort())
            .connections(0, 2)
            .framing(Framing.lines())
            .closeTimeout(Duration.ofMillis(200))
            .drainTimeout(Duration.ofMillis(100))
            .build();
  }

  @AfterEach
  void close() throws IOException {
    pool.close();
    server.close();
  }

  private Loopback.Inside<String> receiver() {
    return Loopback.inside(() -> new String(pool.receive(SOON), UTF_8));
  }

  private Socket sent() throws IOException {
    pool.send("hello".getBytes(UTF_8));
    return server.accept();
  }

  private static void answer(Socket peer, String line) throws IOException {
    peer.getOutputStream().write((line + "\n").getBytes(UTF_8));
  }

  @Test
  void framesAreReceivedOnAConnectionThatWasDialedForASendMeanwhile() throws Exception {
    Loopback.Inside<String> receiver = receiver();
    try (Socket peer = sent()) {
      answer(peer, "welcome");
      assertThat(receiver.result()).isEqualTo("welcome");
      assertThat(pool.snapshot().endpoints().get(0).idle()).isEqualTo(1);
    }
  }

  @Test
  void framesAreReceivedOnAConnectionThatWasThereBefore() throws Exception {
    try (Socket peer = sent()) {
      answer(peer, "late");
      assertThat(receiver().result()).isEqualTo("late");
    }
  }

  @Test
  void aPeerThatClosesWhileWeReceiveIsOneConnectionLessAndNothingElse() throws Exception {
    Socket first = sent();
    answer(first, "x");
    assertThat(receiver().result()).isEqualTo("x");
    Loopback.Inside<String> receiver = receiver();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    ((Logger) LoggerFactory.getLogger("io.github.tcppool.internal")).addAppender(log);
    first.close();
    await()
        .untilAsserted(
            () ->
                assertThat(pool.snapshot().closedBy()).containsEntry(CloseReason.PEER_CLOSED, 1L));
    assertThat(receiver.isOver()).as("it waits for a frame").isFalse();
    try (Socket second = sent()) {
      answer(second, "from the second");
      assertThat(receiver.result()).isEqualTo("from the second");
    }
    assertThat(pool.snapshot().closedBy()).hasSize(1);
    assertThat(log.list).as("what a person on call would read").isEmpty();
    ((Logger) LoggerFactory.getLogger("io.github.tcppool.internal")).detachAppender(log);
  }

  @Test
  void discardingALeaseDoesNotWaitForTheReceiver() throws Exception {
    Loopback.Inside<String> receiver = receiver();
    try (Socket peer = sent()) {
      for (int i = 0; i < 50; i++) {
        PooledSocket lease = pool.lease(SOON);
        Loopback.Inside<Boolean> discarded =
            Loopback.inside(
                () -> {
                  lease.discard();
                  return true;
                });
        assertThat(discarded.result()).isTrue();
        if (i > 0) {
          server.accept().close();
        }
      }
      assertThat(receiver.isOver()).isFalse();
      assertThat(peer.getInputStream().readAllBytes()).isNotEmpty();
    }
    pool.close();
    assertThatThrownBy(receiver::result).isInstanceOf(PoolClosedException.class);
  }

  @Test
  void aLeasedConnectionIsTheBorrowersAloneAndTheReceiversAgainAfterwards() throws Exception {
    Loopback.Inside<String> receiver = receiver();
    try (Socket peer = sent()) {
      PooledSocket lease = pool.lease(SOON);
      answer(peer, "a");
      assertThat(lease.getInputStream().readNBytes(2)).containsExactly('a', '\n');
      lease.close();
      answer(peer, "b");
      assertThat(receiver.result()).isEqualTo("b");
    }
  }

  @Test
  void withoutAFrameReceiveEndsAtItsDeadline() {
    assertThatThrownBy(() -> pool.receive(CallOptions.within(Duration.ofMillis(20))))
        .isInstanceOf(CallTimeoutException.class)
        .hasMessageContaining("no frame arrived before the deadline");
  }

  @Test
  void whoeverReceivesNextTakesOverFromOneWhoWasInterrupted() throws Exception {
    Loopback.Inside<String> leader = receiver();
    Loopback.Inside<String> follower = receiver();
    leader.thread().interrupt();
    assertThatThrownBy(leader::result).isInstanceOf(CallInterruptedException.class);
    try (Socket peer = sent()) {
      answer(peer, "for the follower");
      assertThat(follower.result()).isEqualTo("for the follower");
    }
  }
}
