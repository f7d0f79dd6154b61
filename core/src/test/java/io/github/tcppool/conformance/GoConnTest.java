package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Go asserts of every connection ({@code nettest.TestConn}), in as far as a {@link Socket} can
 * be asked for it. What needs deadlines is in {@link GoDeadlineTest}.
 */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#all")
class GoConnTest extends Conformance.Connected {

  /** BasicIO: what goes in at one end comes out at the other. */
  @Test
  void bytesArriveUnchangedInBothDirections() throws Exception {
    byte[] sent = random(1 << 20);
    Loopback.Inside<byte[]> there = beside(() -> peer.getInputStream().readNBytes(sent.length));
    inPieces(sent, out);
    assertThat(there.result()).isEqualTo(sent);

    Loopback.Inside<byte[]> back = beside(() -> in.readNBytes(sent.length));
    inPieces(sent, peer.getOutputStream());
    assertThat(back.result()).isEqualTo(sent);
  }

  private static void inPieces(byte[] all, OutputStream to) throws IOException {
    for (int from = 0; from < all.length; from += 1024) {
      to.write(all, from, 1024);
    }
  }

  /** PingPong: strictly in turn, each answer one more than the question. */
  @Test
  void questionsAndAnswersAlternate() throws Exception {
    Loopback.Inside<Long> answering = beside(() -> counting(peer, 100));
    long last = 0;
    for (int i = 0; i < 100; i++) {
      out.write(ByteBuffer.allocate(8).putLong(last + 1).array());
      last = ByteBuffer.wrap(in.readNBytes(8)).getLong();
    }
    assertThat(last).isEqualTo(200);
    assertThat(answering.result()).isEqualTo(200);
  }

  private static long counting(Socket end, int rounds) throws IOException {
    long last = 0;
    for (int i = 0; i < rounds; i++) {
      last = ByteBuffer.wrap(end.getInputStream().readNBytes(8)).getLong() + 1;
      end.getOutputStream().write(ByteBuffer.allocate(8).putLong(last).array());
    }
    return last;
  }

  /** RacyRead, by timeout: when a read has ended, nothing writes to its buffer any more. */
  @Test
  void aBufferBelongsToTheReaderAgainWhenTheReadHasTimedOut() throws Exception {
    socket.setSoTimeout(1);
    Loopback.Inside<Void> trickle = beside(() -> trickle(peer.getOutputStream()));
    List<Loopback.Inside<Void>> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      readers.add(beside(() -> readsIntoItsOwn(in)));
    }
    for (Loopback.Inside<Void> reader : readers) {
      reader.result();
    }
    trickle.result();
  }

  private static Void trickle(OutputStream to) throws IOException {
    byte[] ones = new byte[64];
    Arrays.fill(ones, (byte) 1);
    for (int i = 0; i < 60; i++) {
      to.write(ones);
      Thread.onSpinWait();
    }
    return null;
  }

  static Void readsIntoItsOwn(InputStream from) throws IOException {
    byte[] mine = new byte[1024];
    for (int i = 0; i < 10; i++) {
      try {
        int unused = from.read(mine);
      } catch (SocketTimeoutException e) {
        // that is what is looked at here
      }
      Arrays.fill(mine, (byte) 2);
      Thread.onSpinWait();
      for (byte one : mine) {
        assertThat(one).isEqualTo((byte) 2);
      }
    }
    return null;
  }

  /** ReadTimeout: it ends the read and leaves writing alone. */
  @Test
  void aReadTimesOutAndWritesGoOn() throws Exception {
    socket.setSoTimeout(1);
    assertThatThrownBy(() -> in.read(new byte[1024])).isInstanceOf(SocketTimeoutException.class);

    Loopback.Inside<byte[]> there = beside(() -> peer.getInputStream().readNBytes(1024));
    out.write(random(1024));
    assertThat(there.result()).isEqualTo(random(1024));
  }

  /**
   * CloseTimeout: closing ends what is under way. (A blocked write under TLS is ended by closing
   * the socket below, with the JDK's sockets as well: TLS would first write its good-bye.)
   */
  @Test
  void closingEndsReadsAndWritesUnderWay() throws Exception {
    Loopback.Inside<Integer> reader = blockedRead();
    Loopback.Inside<Void> writer = blockedWrite();
    below.close();

    assertThatThrownBy(reader::result).isInstanceOf(IOException.class);
    assertThatThrownBy(writer::result).isInstanceOf(IOException.class);
  }

  /**
   * ConcurrentMethods: none of them breaks another one, hangs, or throws what is not an I/O
   * failure.
   */
  @Test
  void allMethodsMayBeCalledByManyThreadsAtOnce() throws Exception {
    Loopback.Inside<Long> echo = echoing();
    socket.setSoTimeout(1);
    List<Loopback.Inside<Throwable>> all = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      all.add(calling(() -> in.read(new byte[1024])));
      all.add(calling(() -> out.write(new byte[1024])));
      all.add(calling(() -> socket.setSoTimeout(1)));
      all.add(calling(() -> assertThat(socket.getLocalSocketAddress()).isNotNull()));
      all.add(calling(() -> assertThat(socket.getRemoteSocketAddress()).isNotNull()));
      all.add(calling(() -> assertThat(in.available()).isNotNegative()));
      all.add(calling(() -> socket.setTcpNoDelay(true)));
    }
    for (Loopback.Inside<Throwable> one : all) {
      assertThat(one.result())
          .satisfiesAnyOf(
              none -> assertThat(none).isNull(),
              late -> assertThat(late).isInstanceOf(SocketTimeoutException.class));
    }
    peerBelow.close();
    Throwable unused = catchThrowable(echo::result);
  }

  private interface Call {
    void run() throws Exception;
  }

  private Loopback.Inside<Throwable> calling(Call call) {
    return beside(
        () -> {
          for (int i = 0; i < 5; i++) {
            Throwable thrown = catchThrowable(call::run);
            if (thrown != null) {
              return thrown;
            }
          }
          return null;
        });
  }
}
