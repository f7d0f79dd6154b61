package io.github.tcppool.proof.threads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.Endpoint;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No call of the pool holds a carrier while it waits. The JVM's own recorder says so: it notes each
 * virtual thread that blocks or parks while it is pinned, however shortly.
 */
class PinningTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CALLERS = 200;
  private static final byte[] LINE = "ping\n".getBytes(UTF_8);
  private static final int PAYLOAD_BYTES = LINE.length - 1;

  @TempDir Path directory;

  @BeforeEach
  void abortWithoutVirtualThreads() {
    ThreadKind.VIRTUAL.orAbort();
  }

  @Test
  void noVirtualThreadIsPinnedWhateverItAsksOfAPool() throws Exception {
    exercise(); // loads classes: who waits for another to do that is pinned, by the JVM
    List<RecordedEvent> pinned = pinnedDuring(this::exercise);
    assertThat(pinned).as("threads that were pinned").isEmpty();
  }

  /** Else the test above would prove nothing. */
  @Test
  void aThreadThatWaitsWithinAClassInitialiserIsSeenToBePinned() throws Exception {
    List<RecordedEvent> pinned =
        pinnedDuring(
            () -> Callers.start(ThreadKind.VIRTUAL, 1, number -> Stuck.touch()).join(PATIENCE));
    assertThat(pinned).isNotEmpty();
  }

  /** Waits while it is being initialised, which pins its thread. */
  private static final class Stuck {
    static final boolean OPENED = await();

    private static boolean await() {
      try {
        return new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    static void touch() {
      assertThat(OPENED).isFalse();
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private List<RecordedEvent> pinnedDuring(Work work) throws Exception {
    Path file = directory.resolve("pinned.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO).withStackTrace();
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file);
  }

  /** Every verb, in every way in which it can wait. */
  private void exercise() throws Exception {
    try (TcpPeer peer = TcpPeer.builder().keepFrames(0).start();
        TcpPeer silent = TcpPeer.builder().behaviour(Behaviour.silent()).keepFrames(0).start()) {
      try (TcpPool pool = open(peer)) {
        callers(number -> everyVerb(pool, number));
      }
      try (TcpPool pool = open(peer);
          DeadlineSocket whole = pool.asSocket()) {
        writeAndReadAll(whole);
        callers(number -> receiveInVain(pool));
      }
      try (TcpPool pool = open(silent)) {
        callers(number -> askInVain(pool));
        interruptAll(pool);
      }
      closeUnderWaiters(open(silent));
    }
  }

  private static TcpPool open(TcpPeer peer) {
    return TcpPool.builder(peer.hostPort())
        .connections(0, 4)
        .framing(Framing.lines())
        .onConnect(PinningTest::greet)
        .build();
  }

  /** A login that has to wait for its answer, where there is one. */
  private static void greet(DeadlineSocket socket, Endpoint endpoint) throws IOException {
    socket.setReadDeadline(Duration.ofMillis(10));
    try {
      socket.getOutputStream().write(LINE);
      assertThat(socket.getInputStream().readNBytes(LINE.length)).isEqualTo(LINE);
    } catch (SocketTimeoutException e) {
      // the silent one
    }
  }

  private static void callers(Callers.Body body) throws InterruptedException {
    Callers.start(ThreadKind.VIRTUAL, CALLERS, body).join(PATIENCE);
  }

  private static void everyVerb(TcpPool pool, int number) throws IOException {
    for (int i = 0; i < 20; i++) {
      switch ((number + i) % 5) {
        case 0 -> assertThat(pool.exchange(LINE)).hasSize(PAYLOAD_BYTES);
        case 1 -> assertThat(pool.exchange(PinningTest::ask)).isEqualTo(LINE);
        case 2 -> lease(pool);
        case 3 -> discard(pool);
        default -> pool.evict();
      }
    }
  }

  private static byte[] ask(InputStream in, OutputStream out) throws IOException {
    out.write(LINE);
    return in.readNBytes(LINE.length);
  }

  private static void lease(TcpPool pool) throws IOException {
    try (PooledSocket lease = pool.lease()) {
      assertThat(ask(lease.getInputStream(), lease.getOutputStream())).isEqualTo(LINE);
    }
  }

  /** So that there are dials. */
  private static void discard(TcpPool pool) throws IOException {
    try (PooledSocket lease = pool.lease()) {
      lease.discard();
    }
  }

  private static void writeAndReadAll(DeadlineSocket whole) throws Exception {
    Callers writers =
        Callers.start(ThreadKind.VIRTUAL, CALLERS, number -> whole.getOutputStream().write(LINE));
    Callers reader =
        Callers.start(
            ThreadKind.VIRTUAL,
            1,
            number -> whole.getInputStream().readNBytes(CALLERS * PAYLOAD_BYTES));
    writers.join(PATIENCE);
    reader.join(PATIENCE);
  }

  private static void receiveInVain(TcpPool pool) {
    assertThatThrownBy(() -> pool.receive(CallOptions.within(Duration.ofMillis(5))))
        .isInstanceOf(CallTimeoutException.class);
  }

  private static void askInVain(TcpPool pool) {
    assertThatThrownBy(() -> pool.exchange(LINE, CallOptions.within(Duration.ofMillis(20))))
        .isInstanceOf(SocketTimeoutException.class);
  }

  private static void interruptAll(TcpPool pool) throws InterruptedException {
    Callers callers =
        Callers.start(
            ThreadKind.VIRTUAL,
            CALLERS,
            number ->
                assertThatThrownBy(() -> pool.exchange(LINE)).isInstanceOf(IOException.class));
    awaitWaiting(pool, CALLERS - 4);
    callers.threads().forEach(Thread::interrupt);
    callers.join(PATIENCE);
  }

  private static void closeUnderWaiters(TcpPool pool) throws InterruptedException {
    Callers callers =
        Callers.start(
            ThreadKind.VIRTUAL,
            CALLERS,
            number ->
                assertThatThrownBy(() -> pool.exchange(LINE)).isInstanceOf(IOException.class));
    awaitWaiting(pool, CALLERS - 4);
    Callers.start(ThreadKind.VIRTUAL, 1, number -> pool.close(Duration.ofMillis(100)))
        .join(PATIENCE);
    callers.join(PATIENCE);
  }

  private static void awaitWaiting(TcpPool pool, int waiters) {
    Awaitility.await("callers in the line")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> pool.snapshot().waiting() == waiters);
  }
}
