package io.github.tcppool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultProxyTest extends ProxyFixture {
  private static final Duration LAG = Duration.ofMillis(30);

  @Test
  void withoutFaultsEverythingPassesBothWaysAndIsCounted() throws Exception {
    byte[] large = new byte[3 << 20];
    new Random(1).nextBytes(large);
    Thread writer = Tasks.start(() -> client.send(large));
    assertThat(client.socket.getInputStream().readNBytes(large.length)).isEqualTo(large);
    writer.join();
    client.halfClose();
    assertThat(client.readByte()).as("the server's FIN").isEqualTo(-1);
    proxy.awaitOpen(0);
    peer.awaitOpen(0);
    assertThat(peer.connection(1).sawEnd()).isTrue();
    assertThat(proxy.upstream().bytesForwarded()).isEqualTo(large.length + 1);
    assertThat(proxy.downstream().bytesRead()).isEqualTo(large.length + 1);
    assertThat(proxy.both().bytesForwarded()).isEqualTo(2L * large.length + 2);
    assertThat(proxy.accepted()).isEqualTo(1);
  }

  @Test
  void latencyDelaysEachWay() throws Exception {
    proxy.both().latency(LAG);
    long start = System.nanoTime();
    assertThat(client.exchange("hello")).isEqualTo("hello");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(LAG.multipliedBy(2));
  }

  @Test
  void latencyKeepsTheOrderDespiteJitterAndHealingLosesNothing() throws Exception {
    proxy.upstream().latency(Duration.ofMillis(1), Duration.ofMillis(5));
    StringBuilder sent = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      client.send(i + "\n");
      sent.append(i).append('\n');
    }
    assertThat(client.read(sent.length())).isEqualTo(sent.toString());

    proxy.upstream().latency(Duration.ofHours(1));
    client.send("held");
    peer.awaitBytes(1 + sent.length());
    proxy.heal();
    assertThat(client.read(4)).isEqualTo("held");
  }

  @Test
  void bandwidthLimitsBytesPerSecond() throws Exception {
    proxy.downstream().bandwidth(10_000);
    long start = System.nanoTime();
    client.send(new byte[2_000]);
    client.read(2_000);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(150), Duration.ofMillis(2_000));
  }

  @Test
  void sliceForwardsPieceByPiece() throws Exception {
    proxy.upstream().slice(2, Duration.ofMillis(10));
    long start = System.nanoTime();
    assertThat(client.exchange("12345678")).isEqualTo("12345678");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(30));
  }

  @Test
  void cutAfterEndsInTheMiddleOfAReplyWithAFin() throws Exception {
    proxy.downstream().cutAfter(3);
    assertThat(client.send("hello").readAll()).isEqualTo("hel");
    proxy.awaitOpen(0);
    peer.awaitOpen(0);
  }

  @Test
  void cutAfterCountsEachConnectionFromItsBeginning() throws Exception {
    proxy.downstream().cutAfter(3);
    for (int i = 0; i < 2; i++) {
      try (Client next = Client.connect(proxy.address())) {
        assertThat(next.send("hello").readAll()).isEqualTo("hel");
      }
    }
  }

  @Test
  void resetAfterEndsInTheMiddleOfARequestWithARst() throws Exception {
    proxy.upstream().resetAfter(3);
    client.send("hello");
    assertThatThrownBy(client::readAll).isInstanceOf(SocketException.class);
    PeerConnection connection = peer.connection(1);
    connection.awaitReset();
    assertThat(connection.bytesReceived()).isLessThanOrEqualTo(4);
    assertThat(proxy.upstream().bytesForwarded()).isEqualTo(4);
  }

  @Test
  void stallHoldsBytesAndFinAndHealingReleasesThem() throws Exception {
    proxy.upstream().stall();
    client.send("held").halfClose();
    client.socket.setSoTimeout(50);
    assertThatThrownBy(client::readByte).isInstanceOf(SocketTimeoutException.class);
    assertThat(peer.bytesReceived()).isEqualTo(1);
    client.socket.setSoTimeout(5_000);
    proxy.heal();
    assertThat(client.readAll()).isEqualTo("held");
  }

  @Test
  void freezeClosesTheSendersWindowUntilHealed() throws Exception {
    byte[] large = new byte[16 << 20];
    proxy.upstream().freeze();
    peer.behave(Behaviour.sink());
    Thread writer = Tasks.start(() -> client.send(large));
    writer.join(100);
    assertThat(writer.isAlive()).isTrue();
    assertThat(peer.bytesReceived()).isEqualTo(1);
    proxy.heal();
    peer.awaitBytes(1 + large.length);
    writer.join();
  }

  @Test
  void swallowLosesBytesForEverAndHealingResetsTheConnection() throws Exception {
    proxy.upstream().swallow();
    client.send("gone");
    awaitRead(proxy.upstream(), 5);
    proxy.upstream().heal();
    assertThatThrownBy(client::readByte).isInstanceOf(SocketException.class);
    assertThat(peer.bytesReceived()).isEqualTo(1);
  }

  @Test
  void swallowSparesConnectionsThatLostNothing() throws Exception {
    proxy.both().swallow();
    client.socket.setSoTimeout(50);
    assertThatThrownBy(client::readByte).isInstanceOf(SocketTimeoutException.class);
    client.socket.setSoTimeout(5_000);
    proxy.both().heal();
    assertThat(client.exchange("y")).isEqualTo("y");
  }

  @Test
  void halfCloseEndsOneDirectionAndTheOtherGoesOn() throws Exception {
    proxy.downstream().halfClose();
    assertThat(client.readByte()).isEqualTo(-1);
    client.send("one\n");
    awaitRead(proxy.downstream(), 5);
    client.send("two\n");
    peer.awaitFrames(2);
    client.halfClose();
    proxy.awaitOpen(0);
    peer.awaitOpen(0);
    assertThat(peer.connection(1).sawEnd()).isTrue();
    assertThat(peer.connection(1).sawReset()).isFalse();
    assertThat(proxy.downstream().bytesForwarded()).isEqualTo(1);
  }

  @Test
  void corruptAtFlipsOneBitOfThatByte() throws Exception {
    proxy.downstream().corruptAt(3);
    assertThat(client.exchange("abcd")).isEqualTo("abbd");
  }

  @Test
  void corruptFlipsTheSameBitsForTheSameSeedHoweverTheStreamIsCut() throws Exception {
    byte[] clean = new byte[1_000];
    byte[] first = corrupted(1_000);
    byte[] second = corrupted(7);
    assertThat(first).isEqualTo(second).isNotEqualTo(clean);
  }

  private byte[] corrupted(int step) throws Exception {
    try (FaultProxy noisy = FaultProxy.builder(peer.address()).seed(42).start();
        Client sender = Client.connect(noisy.address())) {
      noisy.upstream().corrupt(0.1);
      for (int at = 0; at < 1_000; at += step) {
        sender.send(new byte[Math.min(step, 1_000 - at)]);
      }
      return sender.socket.getInputStream().readNBytes(1_000);
    }
  }

  @Test
  void faultsAreSetAndHealedWhileTrafficFlowsWithoutLosingAByte() throws Exception {
    byte[] large = new byte[4 << 20];
    new Random(2).nextBytes(large);
    Thread writer = Tasks.start(() -> client.send(large));
    Thread nemesis =
        Tasks.start(
            () -> {
              for (int round = 0; round < 20; round++) {
                proxy
                    .both()
                    .latency(Duration.ofMillis(1), Duration.ofMillis(1))
                    .slice(50_000, Duration.ofMillis(1));
                proxy.upstream().stall();
                proxy.downstream().freeze();
                proxy.heal();
              }
            });
    assertThat(client.socket.getInputStream().readNBytes(large.length)).isEqualTo(large);
    writer.join();
    nemesis.join();
  }

  @Test
  void awaitingWhatDoesNotHappenSaysWhatWasSeen() {
    try (FaultProxy quick =
        FaultProxy.builder(peer.address()).ipv6().patience(Duration.ofMillis(10)).start()) {
      assertThat(quick.hostPort()).startsWith("[::1]:");
      assertThatThrownBy(() -> quick.awaitAccepted(1))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("0 accepted, 0 open; upstream: 0 bytes read");
      assertThatThrownBy(() -> quick.downstream().awaitForwarded(1))
          .hasMessageContaining("at least 1 bytes forwarded downstream");
    }
  }

  @Test
  void valuesThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> proxy.both().corrupt(1.5)).hasMessageContaining("was 1.5");
    assertThatThrownBy(() -> proxy.both().bandwidth(0)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> proxy.both().cutAfter(-1)).hasMessageContaining("was -1");
    assertThatThrownBy(() -> proxy.both().slice(0, LAG)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> proxy.both().latency(LAG.negated())).hasMessageContaining("PT-0.03S");
  }
}
