package io.github.tcppool.proof.fairness;

import static io.github.tcppool.proof.fairness.Scene.PATIENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.proof.threads.Callers;
import io.github.tcppool.proof.threads.Figures;
import io.github.tcppool.proof.threads.ThreadKind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How soon callers are served again when a server that was gone listens again. Eight of them call
 * all the time, each call with a second; the time counts from before the server is told to listen.
 */
@Tag("alone") // times a recovery
class RecoveryTest {

  private static final int CALLERS = 8;
  private static final byte[] PING = "ping\n".getBytes(UTF_8);

  /** When each caller was first served since this was set to zeros. */
  private final AtomicLongArray servedNanos = new AtomicLongArray(CALLERS);

  private final AtomicBoolean over = new AtomicBoolean();

  /**
   * A quarter of a second is the longest backoff; the rest is for a machine that builds other
   * things beside, in which a thread that is due may have to wait for a processor.
   */
  @ParameterizedTest
  @ValueSource(ints = {200, 1_000})
  void callersAreServedSoonAfterAShortOutage(int millis) throws Exception {
    Recovery recovery = outage(Duration.ofMillis(millis));
    assertThat(recovery.first).isLessThanOrEqualTo(Duration.ofMillis(1_500));
    assertThat(recovery.all).isLessThanOrEqualTo(Duration.ofSeconds(2));
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(ints = {200, 1_000, 3_000, 8_000, 15_000})
  void theFirstIsServedInAQuarterAndAllInHalfASecond(int millis) throws Exception {
    Recovery recovery = outage(Duration.ofMillis(millis));
    assertThat(recovery.first).isLessThanOrEqualTo(Duration.ofMillis(250));
    assertThat(recovery.all).isLessThanOrEqualTo(Duration.ofMillis(500));
  }

  private record Recovery(Duration first, Duration all) {}

  private Recovery outage(Duration length) throws Exception {
    over.set(false);
    for (int i = 0; i < CALLERS; i++) {
      servedNanos.set(i, 0);
    }
    try (Scene scene = Scene.of(RecoveryTest::settings)) {
      Callers callers = Callers.start(ThreadKind.PLATFORM, CALLERS, number -> call(scene, number));
      Scene.await("all are served", this::areAllServed);
      scene.peer.kill();
      // Nothing happens for the length of the outage; that is what an outage is.
      boolean unused = new CountDownLatch(1).await(length.toNanos(), TimeUnit.NANOSECONDS);
      for (int i = 0; i < CALLERS; i++) {
        servedNanos.set(i, 0); // nobody can be served at this time
      }
      long listens = System.nanoTime();
      scene.peer.restart();
      Scene.await("all are served again", this::areAllServed);
      over.set(true);
      callers.join(PATIENCE);
      Recovery recovery = recovery(listens);
      Figures.report(String.format("outage of %s: %s", length, recovery));
      return recovery;
    }
  }

  private static TcpPool.Builder settings(TcpPool.Builder builder) {
    return builder.connections(0, 10).framing(Framing.lines()).callTimeout(Duration.ofSeconds(1));
  }

  private void call(Scene scene, int number) {
    while (!over.get()) {
      try {
        scene.pool.exchange(PING);
        servedNanos.compareAndSet(number, 0, System.nanoTime());
      } catch (IOException e) {
        // the server is gone, or went while it was asked: the next call waits for it again
      }
    }
  }

  private LongStream served() {
    return LongStream.range(0, CALLERS).map(i -> servedNanos.get((int) i));
  }

  private boolean areAllServed() {
    return served().noneMatch(nanos -> nanos == 0);
  }

  private Recovery recovery(long listens) {
    long first = served().min().orElseThrow() - listens;
    long all = served().max().orElseThrow() - listens;
    return new Recovery(Duration.ofNanos(first), Duration.ofNanos(all));
  }
}
