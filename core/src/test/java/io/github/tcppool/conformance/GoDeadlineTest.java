package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What Go asserts of deadlines ({@code nettest.TestConn}); the JDK's sockets have none. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#ours")
class GoDeadlineTest extends Conformance.Connected {

  private static final Duration LONG_AGO = Duration.ZERO;

  private DeadlineSocket timed;

  @BeforeEach
  void time() {
    timed = (DeadlineSocket) socket;
  }

  private void assertRoundTrip() throws IOException {
    timed.setDeadline(null);
    byte[] sent = random(100);
    out.write(sent);
    assertThat(in.readNBytes(100)).isEqualTo(sent);
  }

  private void assertReadIsLate() {
    assertThatThrownBy(() -> in.read(new byte[1024]))
        .isInstanceOfSatisfying(
            SocketTimeoutException.class, late -> assertThat(late.bytesTransferred).isZero());
  }

  private void assertWriteIsLate() {
    assertThatThrownBy(() -> out.write(new byte[1024]))
        .isInstanceOfSatisfying(
            SocketTimeoutException.class, late -> assertThat(late.bytesTransferred).isZero());
  }

  /** RacyRead. */
  @Test
  void aBufferBelongsToTheReaderAgainWhenItsDeadlineHasPassed() throws Exception {
    Loopback.Inside<Void> talk =
        beside(
            () -> {
              for (int i = 0; i < 100; i++) {
                peer.getOutputStream().write(new byte[64]);
                Thread.onSpinWait();
              }
              return null;
            });
    List<Loopback.Inside<Void>> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      readers.add(
          beside(
              () -> {
                for (int j = 0; j < 5; j++) {
                  timed.setReadDeadline(Duration.ofMillis(1));
                  GoConnTest.readsIntoItsOwn(in);
                }
                return null;
              }));
    }
    for (Loopback.Inside<Void> reader : readers) {
      reader.result();
    }
    talk.result();
  }

  /** RacyWrite: when a write has ended, nothing reads from its buffer any more. */
  @Test
  void aBufferBelongsToTheWriterAgainWhenItsDeadlineHasPassed() throws Exception {
    Loopback.Inside<Boolean> reader =
        beside(
            () -> {
              byte[] some = new byte[64 << 10];
              for (int n = 0; n >= 0; n = readToTheEnd(some)) {
                for (int i = 0; i < n; i++) {
                  if (some[i] != 1) {
                    return false;
                  }
                }
              }
              return true;
            });
    List<Loopback.Inside<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      writers.add(beside(this::writesFromItsOwn));
    }
    for (Loopback.Inside<Void> writer : writers) {
      writer.result();
    }
    timed.close();
    site.close();
    assertThat(reader.result()).as("only bytes that were there during a write").isTrue();
  }

  /** As read; a lease whose last write was cut short ends by a reset. */
  private int readToTheEnd(byte[] target) throws IOException {
    try {
      return peer.getInputStream().read(target);
    } catch (SocketException e) {
      return -1;
    }
  }

  private Void writesFromItsOwn() throws IOException {
    byte[] mine = new byte[64 << 10];
    for (int i = 0; i < 10; i++) {
      Arrays.fill(mine, (byte) 1);
      timed.setWriteDeadline(Duration.ofMillis(1));
      try {
        out.write(mine);
      } catch (SocketTimeoutException e) {
        // that is what is looked at here
      }
      Arrays.fill(mine, (byte) 2);
      Thread.onSpinWait();
    }
    return null;
  }

  /** ReadTimeout. */
  @Test
  void aReadAfterItsDeadlineFailsAndWritesGoOn() throws Exception {
    timed.setReadDeadline(LONG_AGO);
    assertReadIsLate();

    out.write(random(1024));
    assertThat(peer.getInputStream().readNBytes(1024)).isEqualTo(random(1024));
  }

  /** As a reader that never runs dry could not be stopped otherwise. */
  @Test
  void aReadAfterItsDeadlineFailsThoughThereAreBytesWhichStay() throws Exception {
    peer.getOutputStream().write(new byte[] {1, 2, 3});
    assertThat(in.read()).isEqualTo(1);
    timed.setReadDeadline(LONG_AGO);
    assertReadIsLate();

    timed.setReadDeadline(null);
    assertThat(in.readNBytes(2)).containsExactly(2, 3);
  }

  /** WriteTimeout. */
  @Test
  void aWriteAfterItsDeadlineFailsWithoutAByteSentAndReadsGoOn() throws Exception {
    timed.setWriteDeadline(LONG_AGO);
    assertWriteIsLate();

    peer.getOutputStream().write(random(1024));
    assertThat(in.readNBytes(1024)).isEqualTo(random(1024));
    timed.setWriteDeadline(null);
    out.write(3);
    assertThat(peer.getInputStream().read()).as("the first byte sent").isEqualTo(3);
  }

  /** PastTimeout. */
  @Test
  void aDeadlineInThePastFailsBothAndOnceItIsGoneAllIsWell() throws Exception {
    Loopback.Inside<Long> echo = echoing();
    assertRoundTrip();
    timed.setDeadline(LONG_AGO);
    assertWriteIsLate();
    assertReadIsLate();

    assertRoundTrip();
    peer.close();
    assertThatThrownBy(echo::result).isInstanceOf(IOException.class);
  }

  /** PresentTimeout. */
  @Test
  void aDeadlineThatIsMovedIntoThePastEndsWhatIsUnderWay() throws Exception {
    Loopback.Inside<Integer> reader = blockedRead();
    Loopback.Inside<Void> writer = blockedWrite();
    timed.setReadDeadline(LONG_AGO);
    assertThatThrownBy(reader::result).isInstanceOf(SocketTimeoutException.class);
    assertThat(writer.isOver()).as("the write is over").isFalse();
    timed.setWriteDeadline(LONG_AGO);
    assertThatThrownBy(writer::result).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void aDeadlineThatIsBroughtForwardOrPutOffCountsForTheReadUnderWay() throws Exception {
    timed.setReadDeadline(Duration.ofMinutes(1));
    Loopback.Inside<Integer> hurried = blockedRead();
    timed.setReadDeadline(Duration.ofMillis(5));
    assertThatThrownBy(hurried::result).isInstanceOf(SocketTimeoutException.class);

    long old = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
    timed.setReadDeadline(Duration.ofMillis(100));
    Loopback.Inside<Integer> spared = beside(() -> in.read());
    timed.setReadDeadline(null);
    if (System.nanoTime() < old) { // else this thread was held up for so long that both are right
      spared.thread().join(120);
      assertThat(spared.isOver()).as("it gave up at its old deadline").isFalse();
      peer.getOutputStream().write(9);
      assertThat(spared.result()).isEqualTo(9);
    }
  }

  /** FutureTimeout. */
  @Test
  void aDeadlineInTheFutureEndsBothWhenItIsReached() throws Exception {
    timed.setDeadline(Duration.ofMillis(30));
    Loopback.Inside<Void> writer =
        beside(
            () -> {
              while (true) {
                out.write(new byte[1 << 20]);
              }
            });
    Loopback.Inside<Integer> reader = beside(() -> in.read());
    assertThatThrownBy(reader::result).isInstanceOf(SocketTimeoutException.class);
    assertThatThrownBy(writer::result).isInstanceOf(SocketTimeoutException.class);
  }

  /** ConcurrentMethods. */
  @Test
  void deadlinesMayBeMovedByManyThreadsWhileOthersReadAndWrite() throws Exception {
    Loopback.Inside<Long> echo = echoing();
    List<Loopback.Inside<Void>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(repeating(() -> in.read(new byte[1024])));
      all.add(repeating(() -> out.write(new byte[1024])));
      all.add(repeating(() -> timed.setDeadline(Duration.ofMillis(10))));
      all.add(repeating(() -> timed.setReadDeadline(LONG_AGO)));
      all.add(repeating(() -> timed.setWriteDeadline(LONG_AGO)));
    }
    // Whoever reads or writes after the last move would wait for ever without a deadline at the
    // end.
    for (int i = 0; i < all.size(); i++) {
      if (i % 5 >= 2) {
        all.get(i).result();
      }
    }
    timed.setDeadline(LONG_AGO);
    for (Loopback.Inside<Void> one : all) {
      one.result();
    }
    peer.close();
    assertThatThrownBy(echo::result).isInstanceOf(IOException.class);
  }

  private interface Call {
    void run() throws IOException;
  }

  private Loopback.Inside<Void> repeating(Call call) {
    return beside(
        () -> {
          for (int i = 0; i < 10; i++) {
            try {
              call.run();
            } catch (SocketTimeoutException e) {
              // of a deadline that another thread has set
            }
          }
          return null;
        });
  }
}
