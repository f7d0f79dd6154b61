package io.github.tcppool.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.CallOptions;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One socket over a pool: what it makes of writes and reads, on verbs that only take notes. */
@Timeout(20)
class WholeSocketTest {

  private final TcpPool pool = TcpPool.open("127.0.0.1:9");
  private final List<String> sent = new ArrayList<>();
  private final LinkedBlockingQueue<byte[]> inbound = new LinkedBlockingQueue<>();
  private CountDownLatch stall = new CountDownLatch(0);

  @AfterEach
  void close() {
    pool.close();
  }

  private WholeSocket socket(Framing framing) throws SocketException {
    WholeSocket.Verbs notes =
        new WholeSocket.Verbs() {
          @Override
          public void sendFrame(byte[] frame, int offset, int length, CallOptions call)
              throws IOException {
            try {
              stall.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              throw new InterruptedIOException("stalled");
            }
            sent.add(new String(frame, offset, length, UTF_8));
          }

          @Override
          public byte[] receive(CallOptions call) throws IOException {
            try {
              byte[] frame = inbound.poll(call.deadlineNanos(0), TimeUnit.NANOSECONDS);
              if (frame == null) {
                throw new SocketTimeoutException("no frame");
              }
              return frame;
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              throw new InterruptedIOException("waiting");
            }
          }
        };
    return new WholeSocket(pool, notes, InetSocketAddress.createUnresolved("a", 1), framing);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  // ---- writing ----

  @Test
  void messagesLeaveWholeHoweverTheyAreSliced() throws IOException {
    String all = "first\n2\nthird and longer\nlast\n";
    for (int slice : new int[] {1, 2, 3, 5, 11, all.length()}) {
      sent.clear();
      WholeSocket socket = socket(Framing.lines());
      OutputStream out = socket.getOutputStream();
      for (int from = 0; from < all.length(); from += slice) {
        out.write(bytes(all), from, Math.min(slice, all.length() - from));
      }
      socket.close();
      assertThat(String.join("", sent)).as("slices of %d", slice).isEqualTo(all);
      assertThat(sent).allMatch(message -> message.indexOf('\n') == message.length() - 1);
    }
  }

  @Test
  void withoutAFramingOneWriteIsOneMessage() throws IOException {
    OutputStream out = socket(Framing.none()).getOutputStream();
    out.write(bytes("one\ntwo"));
    out.write('x');
    out.write(new byte[0]);
    out.write(bytes("-three-"), 1, 5);

    assertThat(sent).containsExactly("one\ntwo", "x", "three");
  }

  @Test
  void closingWithAnIncompleteMessageSaysSo() throws IOException {
    WholeSocket socket = socket(Framing.lines());
    socket.getOutputStream().write(bytes("whole\npart"));

    assertThatThrownBy(socket::close)
        .isInstanceOf(IOException.class)
        .hasMessage("the last message is not complete: 4 bytes were not sent");
    assertThat(socket.isClosed()).isTrue();
    socket.close();
    assertThat(sent).containsExactly("whole\n");
  }

  @Test
  void endingTheOutputWithAnIncompleteMessageSaysSoOnce() throws IOException {
    WholeSocket socket = socket(Framing.lines());
    OutputStream out = socket.getOutputStream();
    out.write('x');

    assertThatThrownBy(socket::shutdownOutput).hasMessageContaining("1 bytes were not sent");
    assertThatThrownBy(() -> out.write('y'))
        .isInstanceOf(SocketException.class)
        .hasMessage("Socket output is shutdown");
    socket.close();
  }

  @Test
  void aWritePastItsDeadlineFails() throws IOException {
    WholeSocket socket = socket(Framing.none());
    socket.setWriteDeadline(Duration.ZERO);

    assertThatThrownBy(() -> socket.getOutputStream().write(1))
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessage("Write timed out");
    assertThat(sent).isEmpty();
  }

  // ---- reading ----

  @Test
  void framesAreReadAsAStreamOfBytes() throws IOException {
    inbound.add(bytes("abc"));
    inbound.add(new byte[0]);
    inbound.add(bytes("de"));
    InputStream in = socket(Framing.lines()).getInputStream();

    assertThat(in.available()).isZero();
    assertThat(in.read()).isEqualTo('a');
    assertThat(in.available()).isEqualTo(2);
    byte[] target = new byte[10];
    assertThat(in.read(target)).isEqualTo(2);
    assertThat(Arrays.copyOf(target, 2)).isEqualTo(bytes("bc"));
    assertThat(in.readNBytes(2)).isEqualTo(bytes("de"));
  }

  @Test
  void aReadTimesOut() throws IOException {
    WholeSocket socket = socket(Framing.lines());
    socket.setSoTimeout(10);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
  }

  // ---- ending ----

  @Test
  void closingWakesABlockedReaderAndItsThreadIsNotInterruptedAfterwards() throws Exception {
    WholeSocket socket = socket(Framing.lines());
    Loopback.Inside<Boolean> reader =
        Loopback.inside(
            () -> {
              assertThatThrownBy(() -> socket.getInputStream().read())
                  .isInstanceOf(SocketException.class)
                  .hasMessage("Socket closed");
              return Thread.currentThread().isInterrupted();
            });
    socket.close();

    assertThat(reader.result()).isFalse();
  }

  @Test
  void closingWakesABlockedWriter() throws Exception {
    stall = new CountDownLatch(1);
    WholeSocket socket = socket(Framing.lines());
    Loopback.Inside<Void> writer =
        Loopback.inside(
            () -> {
              socket.getOutputStream().write(bytes("stuck\n"));
              return null;
            });
    socket.close();

    assertThatThrownBy(writer::result)
        .isInstanceOf(SocketException.class)
        .hasMessage("Socket closed");
  }

  @Test
  void endingTheInputWakesABlockedReaderWithTheEnd() throws Exception {
    WholeSocket socket = socket(Framing.lines());
    Loopback.Inside<Integer> reader = Loopback.blockedRead(socket);
    socket.shutdownInput();

    assertThat(reader.result()).isEqualTo(-1);
    assertThat(socket.isInputShutdown()).isTrue();
    assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::shutdownInput).isInstanceOf(SocketException.class);
    socket.getOutputStream().write(bytes("still\n"));
    assertThat(sent).containsExactly("still\n");
  }

  @Test
  void aClosedSocketRefusesEverything() throws IOException {
    WholeSocket socket = socket(Framing.lines());
    InputStream in = socket.getInputStream();
    OutputStream out = socket.getOutputStream();
    out.close();

    assertThat(socket.isClosed()).isTrue();
    assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
    assertThatThrownBy(in::available).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> socket.setSoTimeout(1)).isInstanceOf(SocketException.class);
    assertThat(pool.snapshot().closed()).as("the pool is not its socket").isFalse();
  }
}
