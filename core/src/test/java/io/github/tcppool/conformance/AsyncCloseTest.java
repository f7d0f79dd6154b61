package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Closing while other threads are inside. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#bare")
class AsyncCloseTest extends Conformance.Connected {

  private void closeFromAnotherThread() throws Exception {
    beside(
            () -> {
              socket.close();
              return true;
            })
        .result();
  }

  @Test
  void closingWakesABlockedReader() throws Exception {
    Loopback.Inside<Integer> reader = blockedRead();
    closeFromAnotherThread();
    assertThatThrownBy(reader::result)
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("closed");
    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  void closingWakesABlockedReaderWithATimeout() throws Exception {
    socket.setSoTimeout(60_000);
    Loopback.Inside<Integer> reader = blockedRead();
    closeFromAnotherThread();
    assertThatThrownBy(reader::result).isInstanceOf(SocketException.class);
  }

  @Test
  void closingWakesAReaderOfALargeArray() throws Exception {
    Loopback.Inside<Integer> reader = inside(() -> in.read(new byte[100_000]));
    closeFromAnotherThread();
    assertThatThrownBy(reader::result).isInstanceOf(SocketException.class);
  }

  @Test
  void closingWakesAllBlockedReaders() throws Exception {
    List<Loopback.Inside<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(blockedRead());
    }
    closeFromAnotherThread();
    for (Loopback.Inside<Integer> reader : readers) {
      assertThatThrownBy(reader::result).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void closingWakesABlockedReaderAlsoAfterTheOutputHasEnded() throws Exception {
    socket.shutdownOutput();
    Loopback.Inside<Integer> reader = blockedRead();
    closeFromAnotherThread();
    assertThatThrownBy(reader::result).isInstanceOf(SocketException.class);
  }

  @Test
  void closingWakesBlockedWriters() throws Exception {
    Loopback.Inside<Void> first = blockedWrite();
    Loopback.Inside<Void> second = blockedWrite();
    closeFromAnotherThread();
    assertThatThrownBy(first::result).isInstanceOf(SocketException.class);
    assertThatThrownBy(second::result).isInstanceOf(SocketException.class);
  }

  @Test
  void closingAStreamWakesWhoIsInTheOther() throws Exception {
    Loopback.Inside<Integer> reader = blockedRead();
    out.close();
    assertThatThrownBy(reader::result).isInstanceOf(SocketException.class);
  }

  @Test
  void manyThreadsMayCloseAtOnce() throws Exception {
    Loopback.Inside<Integer> reader = blockedRead();
    List<Loopback.Inside<Boolean>> closers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      closers.add(
          beside(
              () -> {
                socket.close();
                return socket.isClosed();
              }));
    }
    for (Loopback.Inside<Boolean> closer : closers) {
      assertThat(closer.result()).isTrue();
    }
    assertThatThrownBy(reader::result).isInstanceOf(IOException.class);
  }

  @Test
  void nobodyIsLeftInsideByACloseThatRacesWithReads() throws Exception {
    Loopback.Inside<Long> echo = echoing();
    List<Loopback.Inside<Void>> users = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      users.add(
          beside(
              () -> {
                while (true) {
                  out.write(new byte[100]);
                  int unused = in.read(new byte[100]);
                }
              }));
    }
    closeFromAnotherThread();
    for (Loopback.Inside<Void> user : users) {
      assertThatThrownBy(user::result).isInstanceOf(SocketException.class);
    }
    peer.close();
    assertThat(echo.thread()).isNotNull();
  }
}
