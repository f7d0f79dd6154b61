package io.github.tcppool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.github.tcppool.CallOptions;
import io.github.tcppool.Endpoint;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What one call costs, by counting and not by the clock: bytes of heap, readings of the clock,
 * system calls. Each limit stands beside its reason; whoever raises one has found a better one.
 */
@Timeout(60)
@Tag("alone") // who loses the processor is looked at once more
class HotPathTest {

  private static final int CALLS = 10_000;
  private static final int MESSAGE_BYTES = 64;

  /** An array of 64 bytes: header, length, bytes. */
  private static final int REPLY_ARRAY_BYTES = 80;

  /** The socket, most of which is {@code java.net.Socket}, and the lock that this makes. */
  private static final int LEASE_BYTES = 96;

  /** For what happens once in a thousand calls: a stall of the machine, housekeeping. */
  private static final double RARELY = 0.02;

  private final byte[] message = new byte[MESSAGE_BYTES];
  private final AtomicLong clockReads = new AtomicLong();
  private final Thread caller = Thread.currentThread();
  private TcpPeer peer;
  private Pool pool;

  private interface Call {
    void perform() throws IOException;
  }

  private record Counts(double bytes, double clockReads, double reads, double writes) {}

  private void open(Behaviour behaviour, Framing framing, int connections) throws IOException {
    peer = TcpPeer.builder().behaviour(behaviour).keepFrames(0).start();
    PoolOptions options = PoolOptions.defaults().toBuilder().connections(connections).build();
    pool =
        new Pool(
            new PoolSpec(
                "counted",
                List.of(Endpoint.parse(peer.hostPort())),
                null,
                Duration.ZERO,
                framing,
                Balancer.roundRobin(),
                List.of(),
                null,
                null,
                true,
                options),
            this::countedNanos);
    pool.connectEagerly();
  }

  private long countedNanos() {
    if (Thread.currentThread() == caller) {
      clockReads.incrementAndGet();
    }
    return System.nanoTime();
  }

  @AfterEach
  void close() {
    if (pool != null) {
      pool.close();
      peer.close();
    }
  }

  /** Per call, after as many calls as the JVM needs to compile them. */
  private Counts count(Call call) throws IOException {
    repeat(call);
    repeat(call);
    long bytes = allocated();
    repeat(call);
    bytes = allocated() - bytes;
    long clock = clockReads.get();
    long[] before = systemCalls();
    repeat(call);
    long[] after = systemCalls();
    return new Counts(
        bytes / (double) CALLS,
        (clockReads.get() - clock) / (double) CALLS,
        (after[0] - before[0]) / (double) CALLS,
        (after[1] - before[1]) / (double) CALLS);
  }

  private static void repeat(Call call) throws IOException {
    for (int i = 0; i < CALLS; i++) {
      call.perform();
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  /** How often this thread has called read and write, as Linux counts them. */
  private static long[] systemCalls() throws IOException {
    Path counts = Path.of("/proc/thread-self/io");
    assumeTrue(Files.isReadable(counts), "needs /proc/thread-self/io");
    long[] calls = new long[2];
    for (String line : Files.readAllLines(counts)) {
      if (line.startsWith("syscr: ")) {
        calls[0] = Long.parseLong(line.substring(7));
      } else if (line.startsWith("syscw: ")) {
        calls[1] = Long.parseLong(line.substring(7));
      }
    }
    return calls;
  }

  @Test
  void aSendIsOneWriteAndOneReadingOfTheClock() throws IOException {
    open(Behaviour.sink(), Framing.none(), 10);
    Counts counts = count(() -> pool.send(message, 0, MESSAGE_BYTES, CallOptions.defaults()));
    assertThat(counts.bytes()).as("nothing is made for a send").isLessThan(1);
    assertThat(counts.clockReads()).as("it begins").isLessThanOrEqualTo(1 + RARELY);
    assertThat(counts.writes()).as("the message, whole").isLessThanOrEqualTo(1 + RARELY);
    assertThat(counts.reads()).as("the lookout looks for all").isLessThanOrEqualTo(0.1);
  }

  @Test
  void anExchangeIsOneWriteTwoReadsAndItsReply() throws IOException {
    open(Behaviour.echo(), Framing.fixed(MESSAGE_BYTES), 1);
    Counts counts = count(() -> pool.exchange(message, CallOptions.defaults()));
    assertThat(counts.bytes()).as("its reply").isLessThan(REPLY_ARRAY_BYTES + 1);
    assertThat(counts.clockReads()).as("it begins and ends").isLessThanOrEqualTo(2 + RARELY);
    assertThat(counts.writes()).as("the request, whole").isLessThanOrEqualTo(1 + RARELY);
    assertThat(counts.reads()).as("the check, and the reply").isLessThanOrEqualTo(2 + RARELY);
  }

  @Test
  void aLeaseIsOneSmallObjectAndAtMostOneRead() throws IOException {
    open(Behaviour.sink(), Framing.none(), 10);
    pool.send(message, 0, MESSAGE_BYTES, CallOptions.defaults());
    Counts counts = count(() -> pool.lease(CallOptions.defaults()).close());
    assertThat(counts.bytes()).as("its socket").isLessThan(LEASE_BYTES + 1);
    assertThat(counts.clockReads()).as("it begins and ends").isLessThanOrEqualTo(2 + RARELY);
    assertThat(counts.writes()).as("nothing is written").isLessThanOrEqualTo(RARELY);
    assertThat(counts.reads()).as("the check").isLessThanOrEqualTo(1 + RARELY);
  }
}
