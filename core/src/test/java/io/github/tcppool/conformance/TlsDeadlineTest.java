package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.internal.net.Loopback;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Deadlines of the socket below bound a TLS session as well. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#oursUnderTls")
class TlsDeadlineTest extends Conformance.Connected {

  private DeadlineSocket timed;

  @BeforeEach
  void time() {
    timed = (DeadlineSocket) below;
  }

  @Test
  void aReadEndsAtItsDeadlineAndTheSessionGoesOn() throws Exception {
    assertWorks();
    timed.setReadDeadline(Duration.ofMillis(20));
    assertThatThrownBy(() -> in.read()).isInstanceOf(SocketTimeoutException.class);
    timed.setReadDeadline(null);
    assertWorks();
  }

  @Test
  void aReadUnderWayEndsWhenItsDeadlineIsMovedIntoThePast() throws Exception {
    assertWorks();
    Loopback.Inside<Integer> reader = blockedRead();
    timed.setReadDeadline(Duration.ZERO);
    assertThatThrownBy(reader::result).isInstanceOf(SocketTimeoutException.class);
    timed.setReadDeadline(null);
    assertWorks();
  }

  @Test
  void aBlockedWriteEndsAtItsDeadline() throws Exception {
    assertWorks();
    timed.setWriteDeadline(Duration.ofMillis(150));
    Loopback.Inside<Void> writer =
        beside(
            () -> {
              while (true) {
                out.write(new byte[1 << 20]);
              }
            });
    assertThatThrownBy(writer::result).isInstanceOf(SocketTimeoutException.class);
    assertThat(socket.isClosed()).isFalse();
  }
}
