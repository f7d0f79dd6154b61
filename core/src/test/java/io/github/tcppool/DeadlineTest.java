package io.github.tcppool;

import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How much later than its deadline a call ends: the figure, on a machine that does nothing else.
 */
@Tag("alone")
@Tag("slow")
class DeadlineTest {

  private static final int CALLS = 200;

  @RegisterExtension final Bench bench = new Bench();

  /** The one in the middle, since the machine may stand still for any time in some. */
  @Test
  void callsToASilentPeerEndWithinTenMillisecondsOfTheirDeadline() {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    long[] lateNanos = new long[CALLS];
    for (int i = 0; i < CALLS; i++) {
      CallOptions deadline = CallOptions.within(Duration.ofMillis(20 + i % 31)); // to 50 ms
      long start = System.nanoTime();
      assertThatThrownBy(() -> pool.exchange(utf8("hello"), deadline))
          .isInstanceOf(SocketTimeoutException.class);
      long took = System.nanoTime() - start;
      lateNanos[i] = took - TimeUnit.MILLISECONDS.toNanos(20 + i % 31);
    }
    Arrays.sort(lateNanos);
    Duration median = Duration.ofNanos(lateNanos[CALLS / 2]);
    Duration high = Duration.ofNanos(lateNanos[CALLS * 99 / 100]);
    System.out.println("after the deadline: median " + median + ", p99 " + high);
    assertThat(median).isLessThanOrEqualTo(Duration.ofMillis(10));
  }
}
