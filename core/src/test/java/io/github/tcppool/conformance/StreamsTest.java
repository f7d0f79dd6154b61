package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.internal.net.Loopback;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The two streams of a socket. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#all")
class StreamsTest extends Conformance.Connected {

  @Test
  void readsAndWritesOfNothingDoNothing() throws IOException {
    out.write(new byte[0]);
    out.write(new byte[5], 5, 0);
    assertThat(in.read(new byte[0])).isZero();
    assertThat(in.read(new byte[5], 5, 0)).isZero();
    assertWorks();
  }

  @Test
  void boundsAreCheckedBeforeAnythingIsReadOrWritten() throws IOException {
    byte[] ten = new byte[10];
    int[][] wrong = {{-1, 5}, {0, -1}, {6, 5}, {11, 0}, {Integer.MAX_VALUE, 1}};
    for (int[] range : wrong) {
      assertThatThrownBy(() -> out.write(ten, range[0], range[1]))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> in.read(ten, range[0], range[1]))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> out.write(null, 0, 0)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> in.read(null, 0, 0)).isInstanceOf(NullPointerException.class);
    assertWorks();
  }

  @Test
  void aByteHasEightBitsAndNoSign() throws IOException {
    out.write(0x1ff);
    assertThat(peer.getInputStream().read()).isEqualTo(0xff);
    peer.getOutputStream().write(0xfe);
    assertThat(in.read()).isEqualTo(0xfe);
  }

  @Test
  void onlyThePartOfAnArrayThatIsMeantIsTouched() throws IOException {
    out.write(new byte[] {1, 2, 3, 4, 5}, 1, 3);
    assertThat(peer.getInputStream().readNBytes(3)).containsExactly(2, 3, 4);
    peer.getOutputStream().write(new byte[] {7, 8});
    byte[] target = new byte[5];
    for (int have = 0; have < 2; have += in.read(target, 2 + have, 2 - have)) {
      assertThat(have).isLessThan(2);
    }
    assertThat(target).containsExactly(0, 0, 7, 8, 0);
  }

  @Test
  void aReadTakesWhatIsThereAndDoesNotWaitForMore() throws IOException {
    peer.getOutputStream().write(new byte[] {1, 2, 3});
    assertThat(in.read(new byte[100_000])).isEqualTo(3);
    peer.getOutputStream().write(new byte[] {4});
    assertThat(in.read(new byte[10])).isEqualTo(1);
  }

  @Test
  void whatAReadLeftIsAvailable() throws IOException {
    peer.getOutputStream().write(new byte[] {1, 2, -3});
    assertThat(in.read()).isEqualTo(1);
    assertThat(in.available()).isEqualTo(2);
    assertThat(in.readNBytes(2)).containsExactly(2, -3);
    assertThat(in.available()).isZero();
  }

  @Test
  void bytesAreSkippedAsIfTheyWereRead() throws IOException {
    assertThat(in.skip(0)).isZero();
    assertThat(in.skip(-1)).isZero();
    peer.getOutputStream().write(new byte[] {1, 2, 3, 4, 5, 6});
    in.skipNBytes(4);
    assertThat(in.read()).isEqualTo(5);
    assertThat(in.skip(1)).isEqualTo(1);
    assertWorks();
  }

  @Test
  void marksAreNotSupportedAndFlushingDoesNothing() throws IOException {
    assertThat(in.markSupported()).isFalse();
    assertThatThrownBy(in::reset).isInstanceOf(IOException.class);
    out.flush();
    assertWorks();
  }

  @Test
  void muchGoesBothWaysAtOnceUnchanged() throws Exception {
    byte[] sent = random(1 << 20);
    Loopback.Inside<Long> echo = echoing();
    Loopback.Inside<byte[]> reader = beside(() -> in.readNBytes(sent.length));
    for (int from = 0, size = 1; from < sent.length; from += size, size = size * 3 % 100_003) {
      out.write(sent, from, Math.min(size, sent.length - from));
    }
    assertThat(reader.result()).isEqualTo(sent);
    peerBelow.close();
    assertThatThrownBy(echo::result).isInstanceOf(IOException.class);
  }

  @Test
  void aLargeWriteIsReadInAsLargePieces() throws Exception {
    byte[] sent = random(700_001);
    Loopback.Inside<Void> writer =
        beside(
            () -> {
              peer.getOutputStream().write(sent);
              return null;
            });
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    byte[] piece = new byte[200_000];
    while (got.size() < sent.length) {
      got.write(piece, 0, in.read(piece));
    }
    assertThat(got.toByteArray()).isEqualTo(sent);
    writer.result();
  }

  @Test
  void writesOfSeveralThreadsDoNotMix() throws Exception {
    List<Loopback.Inside<Void>> writers = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      byte[] mine = new byte[5_000];
      Arrays.fill(mine, (byte) i);
      writers.add(
          beside(
              () -> {
                for (int j = 0; j < 20; j++) {
                  out.write(mine);
                }
                return null;
              }));
    }
    for (int i = 0; i < 60; i++) {
      byte[] one = peer.getInputStream().readNBytes(5_000);
      for (byte b : one) {
        assertThat(b).isEqualTo(one[0]);
      }
    }
    for (Loopback.Inside<Void> writer : writers) {
      writer.result();
    }
  }

  /** A TLS session that has said good-bye reads as one that has ended. */
  private void assertNothingIsRead() throws IOException {
    if (kind.isLayered()) {
      assertThat(in.read()).isEqualTo(-1);
    } else {
      assertThatThrownBy(in::read).isInstanceOf(IOException.class);
    }
  }

  @Test
  void closingTheInputStreamClosesTheSocket() throws IOException {
    in.close();
    assertThat(socket.isClosed()).isTrue();
    assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class);
    in.close();
  }

  @Test
  void closingTheOutputStreamClosesTheSocket() throws IOException {
    out.close();
    assertThat(socket.isClosed()).isTrue();
    assertNothingIsRead();
    out.close();
  }
}
