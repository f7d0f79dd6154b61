package io.github.tcppool.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the JDK's sockets do not do: write deadlines, and interrupts that leave them open. */
@Timeout(20)
class DeadlinesTest {

  private Loopback server;
  private ChannelSocket socket;
  private Socket peer;

  @BeforeEach
  void open() throws IOException {
    server = new Loopback();
    socket = new ChannelSocket();
    socket.connect(server.address());
    peer = server.accept();
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    peer.close();
    server.close();
  }

  private void assertWorks() throws IOException {
    peer.getOutputStream().write(42);
    assertThat(socket.getInputStream().read()).isEqualTo(42);
  }

  @Test
  void aWriteEndsAtItsDeadlineAndTellsHowManyBytesTheKernelTook() throws Exception {
    byte[] much = new byte[32 << 20];
    long begun = System.nanoTime();
    socket.setWriteDeadline(Duration.ofMillis(60));
    SocketTimeoutException late = null;
    try {
      socket.getOutputStream().write(much);
    } catch (SocketTimeoutException e) {
      late = e;
    }
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);

    assertThat(late).hasMessage("Write timed out");
    assertThat(took).isBetween(59L, 2_000L);
    int taken = late.bytesTransferred;
    assertThat(taken).isBetween(1, much.length - 1);
    Loopback.Inside<Integer> reader =
        Loopback.inside(() -> peer.getInputStream().readAllBytes().length);
    socket.shutdownOutput();
    assertThat(reader.result()).as("bytes that arrived").isEqualTo(taken);
  }

  @Test
  void aReadEndsAtItsDeadlineWhichAllReadsShare() throws IOException {
    InputStream in = socket.getInputStream();
    socket.setReadDeadline(Duration.ofMillis(40));
    assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
    long begun = System.nanoTime();
    for (int i = 0; i < 50; i++) { // two seconds, if each had its own
      assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(System.nanoTime() - begun).as("over already").isLessThan(1_000_000_000L);

    socket.setReadDeadline(null);
    assertWorks();
  }

  @Test
  void theEarlierOfDeadlineAndTimeoutCounts() throws IOException {
    socket.setSoTimeout(10_000);
    socket.setReadDeadline(Duration.ofMillis(20));
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setReadDeadline(Duration.ofSeconds(10));
    socket.setSoTimeout(20);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void aNegativeDeadlineIsRefusedAndAnEndlessOneIsNone() throws IOException {
    assertThatThrownBy(() -> socket.setWriteDeadline(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-0.001S");
    socket.setReadDeadline(Duration.ofSeconds(Long.MAX_VALUE));
    assertWorks();
  }

  @Test
  void aReadAndAWriteDoNotWaitForEachOther() throws Exception {
    Loopback.Inside<Void> writer = Loopback.blockedWrite(socket);
    assertWorks();
    assertThat(writer.isOver()).isFalse();
  }

  // ---- interrupts ----

  @Test
  void anInterruptedReadEndsAndTheConnectionGoesOn() throws Exception {
    Loopback.Inside<Boolean> reader = Loopback.inside(this::readUntilInterrupted);
    reader.thread().interrupt();

    assertThat(reader.result()).as("the flag stays set").isTrue();
    assertWorks();
  }

  private boolean readUntilInterrupted() throws IOException {
    try {
      int unused = socket.getInputStream().read();
      throw new AssertionError("read " + unused);
    } catch (SocketTimeoutException e) {
      throw new AssertionError(e);
    } catch (InterruptedIOException e) {
      return Thread.currentThread().isInterrupted();
    }
  }

  @Test
  void anInterruptedWriteTellsHowFarItGotAndTheConnectionIsOpen() throws Exception {
    Loopback.Inside<Void> writer = Loopback.blockedWrite(socket);
    writer.thread().interrupt();

    assertThatThrownBy(writer::result)
        .isInstanceOf(InterruptedIOException.class)
        .isNotInstanceOf(SocketTimeoutException.class)
        .satisfies(e -> assertThat(((InterruptedIOException) e).bytesTransferred).isNotNegative());
    assertThat(socket.isClosed()).isFalse();
    assertWorks();
  }
}
