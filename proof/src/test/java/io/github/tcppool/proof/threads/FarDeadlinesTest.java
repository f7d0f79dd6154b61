package io.github.tcppool.proof.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * A virtual thread whose deadline is seconds away sets no alarm for it: housekeeping, which comes
 * by once a second, wakes it when the deadline is near.
 */
class FarDeadlinesTest {

  private static final int CALLERS = 4;

  /** Long enough for housekeeping to have come by, so that the next wait relies on it. */
  private static final int FIRST_MILLIS = 1_300;

  private static final int FAR_MILLIS = 3_200;

  @Test
  void aDeadlineThatIsFarAwayIsKept() throws Exception {
    AtomicLong longestNanos = new AtomicLong();
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink());
        TcpPool pool = TcpPool.builder(peer.hostPort()).connections(CALLERS).build()) {
      Callers callers =
          Callers.start(
              ThreadKind.bestThere(),
              CALLERS,
              number -> longestNanos.accumulateAndGet(waitTwice(pool), Math::max));
      callers.join(Duration.ofSeconds(20));
    }
    Figures.report(
        String.format(
            "a read with %,d ms to go ended after %,.1f ms", FAR_MILLIS, longestNanos.get() / 1e6));
    assertThat(Duration.ofNanos(longestNanos.get()))
        .isBetween(Duration.ofMillis(FAR_MILLIS), Duration.ofMillis(FAR_MILLIS + 500));
  }

  private static long waitTwice(TcpPool pool) throws Exception {
    try (PooledSocket socket = pool.lease()) {
      long unused = timeOut(socket, FIRST_MILLIS);
      return timeOut(socket, FAR_MILLIS);
    }
  }

  private static long timeOut(PooledSocket socket, int millis) throws Exception {
    socket.setSoTimeout(millis);
    long begun = System.nanoTime();
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    return System.nanoTime() - begun;
  }
}
