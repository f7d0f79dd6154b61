package io.github.tcppool;

import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.PeerConnection;
import io.github.tcppool.testkit.TcpPeer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first message after the server closed an idle connection is not lost. */
@ParameterizedClass
@EnumSource
class FirstWriteTest {

  private static final int ROUNDS = 1_000;

  @RegisterExtension final Bench bench;

  /** Through TLS each round costs a handshake, so the full number is for slow builds. */
  private final int rounds;

  /** Rounds in which five connections are made and kept busy. */
  private final int busyRounds;

  FirstWriteTest(Bench.Flavour flavour) {
    bench = new Bench(flavour);
    boolean tls = flavour == Bench.Flavour.TLS;
    rounds = tls ? 50 : ROUNDS;
    busyRounds = tls ? 2 : 10;
  }

  @ParameterizedTest(name = "closed by {0}")
  @ValueSource(strings = {"FIN", "RST"})
  void theServerClosesAfterEachMessageAndNoneIsLost(String how) throws Exception {
    assertNoneIsLost(how, rounds);
  }

  @Tag("slow")
  @ParameterizedTest(name = "closed by {0}")
  @ValueSource(strings = {"FIN", "RST"})
  void theServerClosesAfterEachOfAThousandMessagesAndNoneIsLost(String how) throws Exception {
    assertNoneIsLost(how, ROUNDS);
  }

  private void assertNoneIsLost(String how, int rounds) throws Exception {
    TcpPeer peer =
        bench.serving(bench.newPeer().behaviour(Behaviour.sink()).keepFrames(ROUNDS).start());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    for (int k = 0; k < rounds; k++) {
      pool.send(utf8("message " + k));
      peer.awaitFrames(k + 1);
      if (how.equals("FIN")) {
        peer.closeAll();
      } else {
        peer.resetAll();
      }
    }
    assertReceivedAll(peer, rounds);
    assertThat(pool.snapshot().resent()).isZero();
  }

  @ParameterizedTest(name = "closed by {0}")
  @ValueSource(strings = {"FIN", "RST"})
  void theServerClosesBusyConnectionsAndNoMessageIsLost(String how) throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(5));
    int sent = 0;
    for (int round = 0; round < busyRounds; round++) {
      for (int k = 0; k < 500; k++) { // enough for all of them to be looked at together
        pool.send(utf8("message " + sent++));
      }
      peer.awaitFrames(sent);
      if (how.equals("FIN")) {
        peer.closeAll();
      } else {
        peer.resetAll();
      }
    }
    pool.send(utf8("message " + sent++));
    peer.awaitFrames(sent);
    assertThat(pool.snapshot().resent()).isZero();
  }

  @Test
  void theServerHalfClosesAfterEachMessageAndNoneIsLost() throws Exception {
    TcpPeer peer =
        bench.serving(bench.newPeer().behaviour(Behaviour.sink()).keepFrames(ROUNDS).start());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    for (int k = 0; k < rounds / 5; k++) {
      pool.send(utf8("message " + k));
      peer.awaitFrames(k + 1);
      PeerConnection last = peer.connection(peer.accepted());
      last.halfClose();
      last.close();
    }
    assertThat(peer.framesReceived()).isEqualTo(rounds / 5);
  }

  @Test
  void theServerAnswersAndClosesAndNoRequestIsLost() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo().afterFrames(1, Behaviour.close()));
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    for (int k = 0; k < rounds / 5; k++) {
      assertThat(pool.exchange(utf8("request " + k))).isEqualTo(utf8("request " + k));
      peer.awaitOpen(0);
    }
    assertThat(pool.snapshot().resent()).isZero();
  }

  @Test
  void aFinBehindUnreadBytesIsSeenBeforeTheNextSend() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    assertNotLostAfterAcknowledgementAndFin(peer, pool, () -> pool.send(utf8("next")));
  }

  @Test
  void aFinBehindUnreadBytesIsSeenBeforeTheNextSendWhereSomebodyHasReceived() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    Task<byte[]> receiver = bench.start(() -> pool.receive(Bench.within(1)));
    assertThat(receiver.failure()).isInstanceOf(CallTimeoutException.class);
    assertNotLostAfterAcknowledgementAndFin(peer, pool, () -> pool.send(utf8("next")));
    assertThat(List.of(pool.receive(), pool.receive())).containsExactly(utf8("ack"), utf8("bye"));
  }

  @Test
  void aFinBehindUnreadBytesIsSeenBeforeTheNextExchange() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    assertNotLostAfterAcknowledgementAndFin(
        peer,
        pool,
        () -> {
          peer.behaveForNew(Behaviour.echo());
          assertThat(pool.exchange(utf8("next"))).isEqualTo(utf8("next"));
        });
  }

  private interface Call {
    void make() throws Exception;
  }

  private static void assertNotLostAfterAcknowledgementAndFin(TcpPeer peer, TcpPool pool, Call next)
      throws Exception {
    pool.send(utf8("first"));
    peer.awaitFrames(1);
    peer.connection(1).send("ack\nbye\n");
    peer.connection(1).close();
    next.make();
    peer.awaitFrames(2);
    assertThat(peer.texts()).containsExactly("first\n", "next\n");
    assertThat(peer.accepted()).isEqualTo(2);
  }

  private static void assertReceivedAll(TcpPeer peer, int rounds) {
    peer.awaitFrames(rounds);
    assertThat(peer.texts().stream().distinct()).hasSize(rounds);
    assertThat(peer.framesReceived()).isEqualTo(rounds);
  }
}
