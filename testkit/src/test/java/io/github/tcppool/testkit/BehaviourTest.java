package io.github.tcppool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BehaviourTest {
  private static final Duration GAP = Duration.ofMillis(20);

  @Test
  void closeSendsAFinAtOnce() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.close());
        Client client = Client.connect(peer.address())) {
      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void resetSendsARstAtOnce() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.reset())) {
      assertThatThrownBy(() -> connectAndRead(peer))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void halfCloseSendsAFinAndReadsOn() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.halfClose());
        Client client = Client.connect(peer.address())) {
      assertThat(client.readByte()).isEqualTo(-1);
      client.send("still heard\n");
      peer.awaitFrames(1);
      assertThat(peer.open()).isEqualTo(1);
      client.halfClose();
      peer.awaitOpen(0);
    }
  }

  @Test
  void silentReadsAndNeverAnswers() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.silent());
        Client client = Client.connect(peer.address())) {
      client.send("anybody?\n");
      peer.awaitFrames(1);
      client.socket.setSoTimeout(50);
      assertThatThrownBy(client::readByte).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void stalledLeavesTheClientBlockedInWriteUntilItIsResumed() throws Exception {
    byte[] large = new byte[8 << 20];
    try (TcpPeer peer =
            TcpPeer.builder().behaviour(Behaviour.stalled()).receiveBuffer(4_096).start();
        Client client = Client.connect(peer.address())) {
      PeerConnection connection = peer.awaitAccepted(1);
      Thread writer = Tasks.start(() -> client.send(large));
      writer.join(100);
      assertThat(writer.isAlive()).isTrue();
      assertThat(connection.bytesReceived()).isZero();

      connection.resume();
      connection.awaitBytes(large.length);
      writer.join();
    }
  }

  @Test
  void inTurnGivesEachConnectionItsOwnAndTheLastToAllLater() throws Exception {
    Behaviour turns = Behaviour.inTurn(Behaviour.reset(), Behaviour.close(), Behaviour.echo());
    try (TcpPeer peer = TcpPeer.start(turns)) {
      assertThatThrownBy(() -> connectAndRead(peer)).isInstanceOf(SocketException.class);
      try (Client second = Client.connect(peer.address())) {
        assertThat(second.readByte()).isEqualTo(-1);
      }
      for (int i = 0; i < 2; i++) {
        try (Client later = Client.connect(peer.address())) {
          assertThat(later.exchange("ok\n")).isEqualTo("ok\n");
        }
      }
    }
  }

  @Test
  void byNumberChoosesForEachConnection() throws Exception {
    Behaviour even = Behaviour.byNumber(n -> n % 2 == 0 ? Behaviour.close() : Behaviour.echo());
    try (TcpPeer peer = TcpPeer.start(even);
        Client first = Client.connect(peer.address());
        Client second = Client.connect(peer.address())) {
      assertThat(first.exchange("ok\n")).isEqualTo("ok\n");
      assertThat(second.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void repliesAnswersFramesHoweverTheyAreCut() throws Exception {
    try (TcpPeer peer =
            TcpPeer.builder()
                .frames(Boundary.lengthPrefix(2))
                .behaviour(Behaviour.replies(frame -> new byte[] {(byte) frame.length}))
                .start();
        Client client = Client.connect(peer.address())) {
      client.send(new byte[] {0});
      peer.awaitBytes(1);
      client.send(new byte[] {3, 'a'});
      peer.awaitBytes(3);
      client.send(new byte[] {'b', 'c', 0, 0});
      assertThat(client.readByte()).isEqualTo(5);
      assertThat(client.readByte()).isEqualTo(2);
      assertThat(peer.framesReceived()).isEqualTo(2);
    }
  }

  @Test
  void garbageIsTheSameForTheSameSeed() throws Exception {
    byte[] expected = new byte[100];
    new Random(7).nextBytes(expected);
    try (TcpPeer peer = TcpPeer.start(Behaviour.garbage(7, 100));
        Client client = Client.connect(peer.address())) {
      assertThat(client.socket.getInputStream().readNBytes(100)).isEqualTo(expected);
    }
  }

  @Test
  void sendsThenEchoGreetsFirst() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sends("hello\n").then(Behaviour.echo()));
        Client client = Client.connect(peer.address())) {
      assertThat(client.read(6)).isEqualTo("hello\n");
      assertThat(client.exchange("x\n")).isEqualTo("x\n");
    }
  }

  @Test
  void readingSlowlyTakesOnePieceAtATime() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink().readingSlowly(2, GAP));
        Client client = Client.connect(peer.address())) {
      long start = System.nanoTime();
      client.send("12345678");
      peer.awaitBytes(8);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(GAP.multipliedBy(3));
    }
  }

  @Test
  void sendingSlowlyDripsTheAnswer() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo().sendingSlowly(1, GAP));
        Client client = Client.connect(peer.address())) {
      long start = System.nanoTime();
      assertThat(client.exchange("12345")).isEqualTo("12345");
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(GAP.multipliedBy(5));
    }
  }

  @Test
  void answeringAfterDelaysEveryAnswer() throws Exception {
    try (TcpPeer peer = TcpPeer.start(Behaviour.echo().answeringAfter(GAP));
        Client client = Client.connect(peer.address())) {
      long start = System.nanoTime();
      assertThat(client.exchange("a")).isEqualTo("a");
      assertThat(client.exchange("b")).isEqualTo("b");
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(GAP.multipliedBy(2));
    }
  }

  @Test
  void aLambdaIsABehaviourAndItsReturnClosesTheConnection() throws Exception {
    try (TcpPeer peer =
            TcpPeer.start(
                connection -> {
                  byte[] header = connection.readExactly(2);
                  connection.send(connection.readExactly(header[1]));
                });
        Client client = Client.connect(peer.address())) {
      client.send(new byte[] {0, 3, 'a', 'b', 'c'});
      assertThat(client.readAll()).isEqualTo("abc");
    }
  }

  /** A RST at once may be met in connect or in read. */
  private static void connectAndRead(TcpPeer peer) throws IOException {
    try (Client client = Client.connect(peer.address())) {
      client.readByte();
    }
  }
}
