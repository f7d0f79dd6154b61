package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A difference: an interrupt ends what the thread is waiting in and leaves the connection open. The
 * JDK's sockets ignore it on platform threads and are closed by it on virtual ones.
 */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#all")
class InterruptTest extends Conformance.Connected {

  /** What came of an interrupt, and whether the thread still knew of it. */
  private record Told(IOException failure, boolean flag) {}

  private Loopback.Inside<Told> interrupted(Loopback.Action<?> action) {
    Loopback.Inside<Told> blocked =
        inside(
            () -> {
              try {
                return new Told(new IOException("returned " + action.run()), false);
              } catch (IOException e) {
                return new Told(e, Thread.currentThread().isInterrupted());
              }
            });
    assertThat(blocked.isOver()).isFalse();
    blocked.thread().interrupt();
    return blocked;
  }

  @Test
  void aBlockedReadEndsAndTheConnectionGoesOn() throws Exception {
    Loopback.Inside<Told> reader = interrupted(() -> in.read());
    if (kind.isReference()) {
      assertAsTheJdk(reader);
      return;
    }
    Told told = reader.result();
    assertThat(told.failure()).isInstanceOf(InterruptedIOException.class);
    assertThat(told.flag()).as("the thread is still interrupted").isTrue();
    assertThat(socket.isClosed()).isFalse();
    assertWorks();
  }

  private void assertAsTheJdk(Loopback.Inside<Told> reader) throws Exception {
    if (kind.threads() == Threads.PLATFORM) {
      peer.getOutputStream().write(7);
      assertThat(reader.result().failure()).hasMessage("returned 7");
    } else {
      assertThat(reader.result().failure()).isInstanceOf(SocketException.class);
      assertThat(below.isClosed()).isTrue();
    }
  }
}
