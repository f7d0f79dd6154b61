package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static io.github.tcppool.Bench.within;
import static io.github.tcppool.OutcomesTest.assertAccepted;
import static io.github.tcppool.OutcomesTest.assertDetails;
import static io.github.tcppool.OutcomesTest.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Boundary;
import io.github.tcppool.testkit.TcpPeer;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is sent again, and what never is. */
class RetryTest {

  private static final byte[] LARGE = new byte[500_000];
  private static final CallOptions IDEMPOTENT = CallOptions.defaults().idempotent();

  @RegisterExtension final Bench bench = new Bench();
  private final Events events = new Events();

  // ---- a torn message ----

  /** Resets the first connections in the middle of a large message; takes everything later. */
  private TcpPeer tearing(int times, Boundary frames) {
    Behaviour tear = Behaviour.sink().afterBytes(1_000, Behaviour.reset());
    return bench.serving(
        TcpPeer.builder()
            .behaviour(Behaviour.byNumber(number -> number <= times ? tear : Behaviour.sink()))
            .frames(frames)
            .receiveBuffer(4_096)
            .start());
  }

  private TcpPool.Builder builder(TcpPeer peer, Framing framing) {
    return linesTo(peer.hostPort())
        .framing(framing)
        .connections(0, 1)
        .listener(events)
        .socketOption(StandardSocketOptions.SO_SNDBUF, 4_096);
  }

  @Test
  void aTornMessageIsSentAgainWhereTheFramingRevealsTruncation() throws Exception {
    TcpPeer peer = tearing(2, Boundary.lengthPrefix(4));
    TcpPool pool = bench.pool(builder(peer, Framing.lengthPrefix(4)));
    pool.send(LARGE);
    peer.awaitFrames(1);
    assertThat(peer.connection(3).bytesReceived()).isEqualTo(LARGE.length + 4);
    assertThat(pool.snapshot().resent()).isEqualTo(2);
    assertThat(pool.snapshot().closedBy()).containsEntry(CloseReason.TORN_MESSAGE, 2L);
    pool.close(); // returns when all has been told
    assertThat(events.of(PoolEvent.MessageResent.class))
        .extracting(PoolEvent.MessageResent::attempt)
        .containsExactly(2, 3);
  }

  @Test
  void aTornLineIsNotSentAgain() {
    TcpPeer peer = tearing(1, Boundary.lines());
    TcpPool pool = bench.pool(builder(peer, Framing.lines()));
    CallFailure failure = failureOf(() -> pool.send(LARGE));
    assertThat(failure.outcome()).isEqualTo(Outcome.PARTIAL);
    assertAccepted(peer, 1);
    assertThat(pool.snapshot().resent()).isZero();
  }

  @Test
  void aTornMessageIsNotSentAgainWhereThatIsSwitchedOff() {
    TcpPeer peer = tearing(1, Boundary.lengthPrefix(4));
    TcpPool pool = bench.pool(builder(peer, Framing.lengthPrefix(4)).resendTorn(false));
    assertThat(failureOf(() -> pool.send(LARGE)).outcome()).isEqualTo(Outcome.PARTIAL);
    assertAccepted(peer, 1);
  }

  @Test
  void aTornLineIsSentAgainIfTheCallIsIdempotent() throws Exception {
    TcpPeer peer = tearing(1, Boundary.lines());
    TcpPool pool = bench.pool(builder(peer, Framing.lines()));
    pool.send(LARGE, IDEMPOTENT);
    peer.awaitFrames(1);
    assertAccepted(peer, 2);
  }

  @Test
  void theAttemptsAllowedBoundHowOftenATornMessageIsSent() {
    TcpPeer peer = tearing(100, Boundary.lengthPrefix(4));
    TcpPool pool =
        bench.pool(builder(peer, Framing.lengthPrefix(4)).retry(RetryPolicy.attempts(3)));
    CallFailure failure = failureOf(() -> pool.send(LARGE));
    assertThat(failure).isInstanceOf(SendFailedException.class);
    assertThat(failure.outcome()).isEqualTo(Outcome.PARTIAL);
    assertThat(failure.attempts()).isEqualTo(3);
    assertAccepted(peer, 3);
    assertThat((Exception) failure)
        .satisfies(e -> assertThat(e.getCause().getSuppressed()).hasSize(1));
  }

  // ---- a request without a reply ----

  @Test
  void anUnansweredRequestIsNotSentAgain() {
    TcpPeer peer = bench.peer(losingReplies(1));
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    assertDetails(failureOf(() -> pool.exchange(utf8("once"))), Outcome.UNKNOWN, 5, 1);
    assertThat(peer.framesReceived()).isEqualTo(1);
    assertAccepted(peer, 1);
  }

  @Test
  void anUnansweredRequestIsSentAgainIfTheCallIsIdempotent() throws Exception {
    TcpPeer peer = bench.peer(losingReplies(2));
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    assertThat(pool.exchange(utf8("again"), IDEMPOTENT)).isEqualTo(utf8("again"));
    assertThat(peer.framesReceived()).isEqualTo(3);
    assertThat(pool.snapshot().resent()).isEqualTo(2);
  }

  @Test
  void theAttemptsAllowedBoundHowOftenARequestIsSent() {
    TcpPeer peer = bench.peer(losingReplies(100));
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).retry(RetryPolicy.attempts(4)));
    CallFailure failure = failureOf(() -> pool.exchange(utf8("again"), IDEMPOTENT));
    assertDetails(failure, Outcome.UNKNOWN, 6, 4);
    assertThat(peer.framesReceived()).isEqualTo(4);
  }

  private static Behaviour losingReplies(int times) {
    Behaviour lose = Behaviour.sink().afterFrames(1, Behaviour.close());
    return Behaviour.byNumber(number -> number <= times ? lose : Behaviour.echo());
  }

  // ---- conversations ----

  @Test
  void aConversationThatWroteNothingRunsAgain() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.silent());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    AtomicInteger runs = new AtomicInteger();
    int answer =
        pool.exchange(
            (in, out) -> {
              if (runs.incrementAndGet() == 1) {
                peer.awaitAccepted(1).close();
              } else {
                peer.awaitAccepted(2).send("!");
              }
              return notEnd(in.read());
            });
    assertThat(answer).isEqualTo('!');
    assertThat(runs).hasValue(2);
  }

  @Test
  void aConversationThatWroteRunsAgainOnlyIfTheCallIsIdempotent() throws Exception {
    TcpPeer peer = bench.peer(losingReplies(1));
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    Conversation<Integer> question =
        (in, out) -> {
          out.write(utf8("?\n"));
          int first = notEnd(in.read());
          return first + notEnd(in.read());
        };
    assertDetails(failureOf(() -> pool.exchange(question)), Outcome.UNKNOWN, 2, 1);
    assertThat(peer.framesReceived()).isEqualTo(1);
    peer.behaveForNew(Behaviour.inTurn(Behaviour.close(), Behaviour.echo()));
    assertThat(pool.exchange(question, IDEMPOTENT)).isEqualTo('?' + '\n');
  }

  @Test
  void aConversationsOwnFailureIsHandedOverAsItIs() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1).listener(events));
    ProtocolException own = new ProtocolException("I do not like this answer");
    assertThatThrownBy(() -> pool.exchange((in, out) -> failing(own), IDEMPOTENT)).isSameAs(own);
    IllegalStateException bug = new IllegalStateException("a bug");
    assertThatThrownBy(() -> pool.exchange((in, out) -> failing(bug), IDEMPOTENT)).isSameAs(bug);
    events.awaitClosed(CloseReason.OWNER_FAILED, 2);
    assertThat(peer.accepted()).isLessThanOrEqualTo(2);
  }

  @Test
  void theStreamsOfAConversationEndWithIt() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    var out = pool.exchange((in, stream) -> stream);
    assertThatThrownBy(() -> out.write(1)).isInstanceOf(java.net.SocketException.class);
    pool.exchange(utf8("clean"), within(2_000));
  }

  @Test
  void aConversationThatDidNotReadEverythingCostsTheConnection() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1).listener(events));
    pool.exchange(
        (in, out) -> {
          out.write(utf8("abc\n"));
          return in.read();
        });
    assertThat(pool.exchange(utf8("clean"))).isEqualTo(utf8("clean"));
    events.awaitClosed(CloseReason.UNREAD_BYTES, 1);
  }

  private static int notEnd(int read) throws EOFException {
    if (read < 0) {
      throw new EOFException("no answer");
    }
    return read;
  }

  private static int failing(Exception e) throws IOException {
    if (e instanceof IOException io) {
      throw io;
    }
    throw (RuntimeException) e;
  }

  // ---- dead before use ----

  @Test
  void deadConnectionsCostNoAttempt() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool =
        bench.pool(linesTo(peer.hostPort()).connections(20).retry(RetryPolicy.attempts(1)));
    awaitIdle(pool, 20);
    peer.awaitAccepted(20);
    peer.resetAll();
    for (String line : PoolContract.lines("message", 20)) {
      assertThat(pool.exchange(utf8(line))).isEqualTo(utf8(line));
    }
    assertThat(pool.snapshot().resent()).isZero();
  }

  @Test
  void noMessageIsDuplicatedOrComesAfterItsFailure() throws Exception {
    TcpPeer peer =
        bench.serving(
            TcpPeer.builder()
                .behaviour(Behaviour.sink().afterBytes(30_000, Behaviour.reset()))
                .keepFrames(10_000)
                .start());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 3));
    List<String> notSent = new java.util.ArrayList<>();
    for (String line : PoolContract.lines("x".repeat(3_000), 300)) {
      try {
        pool.send(utf8(line), within(500));
      } catch (IOException e) {
        if (((CallFailure) e).outcome() != Outcome.UNKNOWN) {
          notSent.add(line + "\n");
        }
      }
    }
    assertThat(peer.texts())
        .doesNotHaveDuplicates()
        .doesNotContainAnyElementsOf(notSent.isEmpty() ? List.of("none") : notSent);
    assertThat(pool.snapshot().resent()).isZero();
  }
}
