package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code setSoTimeout}. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#all")
class TimedReadTest extends Conformance.Connected {

  @Test
  void aReadTimesOutNoEarlierThanToldAndTheNextOneGoesOn() throws IOException {
    socket.setSoTimeout(25);
    for (int size : new int[] {1, 100_000}) {
      long begun = System.nanoTime();
      assertThatThrownBy(() -> in.read(new byte[size]))
          .isInstanceOfSatisfying(
              SocketTimeoutException.class, late -> assertThat(late.bytesTransferred).isZero())
          .hasMessage("Read timed out");
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      assertThat(took).as("with 5 s for a busy machine").isBetween(24L, 5_000L);
    }
    socket.setSoTimeout(5_000);
    assertWorks();
  }

  @Test
  void whatArrivesInTimeIsRead() throws Exception {
    socket.setSoTimeout(10_000);
    Loopback.Inside<Integer> reader = blockedRead();
    peer.getOutputStream().write(4);
    assertThat(reader.result()).isEqualTo(4);
  }

  @Test
  void whatIsThereIsReadWhateverTheTimeout() throws IOException {
    peer.getOutputStream().write(new byte[] {1, 2, 3});
    assertThat(in.read()).isEqualTo(1);
    socket.setSoTimeout(1);
    assertThat(in.read()).isEqualTo(2);
  }

  @Test
  void aTimeoutIsToldAndZeroTakesItAway() throws SocketException {
    assertThat(socket.getSoTimeout()).isZero();
    socket.setSoTimeout(1_234);
    assertThat(socket.getSoTimeout()).isEqualTo(1_234);
    socket.setSoTimeout(0);
    assertThat(socket.getSoTimeout()).isZero();
    assertThatThrownBy(() -> socket.setSoTimeout(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
