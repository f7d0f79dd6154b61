package io.github.tcppool.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.OutboxOptions;
import io.github.tcppool.OutboxSnapshot;
import io.github.tcppool.framing.Framing;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** An outbox over connections that do as a test says, on a clock that a test moves. */
@Timeout(20)
abstract class OutboxFixture {

  static final Duration SOON = Duration.ofSeconds(10);
  static final Duration AT_ONCE = Duration.ZERO;

  record Lost(String message, IOException cause) {}

  final FakeCarrier carrier = new FakeCarrier();
  final Queue<Lost> lost = new ConcurrentLinkedQueue<>();
  final AtomicLong now = new AtomicLong(TimeUnit.HOURS.toNanos(1));
  PoolOutbox<FakeCarrier.Wire> outbox;

  PoolOutbox<FakeCarrier.Wire> open(OutboxOptions options) {
    return open(options, Framing.lines());
  }

  PoolOutbox<FakeCarrier.Wire> open(OutboxOptions options, Framing framing) {
    OutboxOptions heard =
        options.listener((message, cause) -> lost.add(new Lost(text(message), cause)));
    outbox = new PoolOutbox<>("pool", heard, framing, carrier, now::get, closed -> {});
    return outbox;
  }

  /** Those of the test before, which may still be on their way out. */
  @BeforeEach
  void noThreadsAreLeft() {
    await().until(() -> threads().isEmpty());
  }

  @AfterEach
  void theAccountsAgreeToTheEnd() {
    outbox.close(AT_ONCE);
    OutboxSnapshot end = outbox.snapshot();
    assertThat(end.accepted()).isEqualTo(end.sent() + end.failed() + end.dropped() + end.queued());
    assertThat(end.queued()).isZero();
    assertThat(end.queuedBytes()).isZero();
  }

  static String text(byte[] message) {
    return new String(message, UTF_8);
  }

  boolean offer(String message) {
    return outbox.offer(message.getBytes(UTF_8));
  }

  /** Makes the next offer find an outbox that has been quiet. */
  void quiet() {
    now.addAndGet(TimeUnit.SECONDS.toNanos(1));
  }

  /** Fills the outbox while its one connection is not to be had. */
  void holdBack() {
    carrier.idle = false;
    carrier.connections.drainPermits();
  }

  void letGo() {
    carrier.idle = true;
    carrier.connections.release(1_000_000);
  }

  static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter("pool-outbox"::equals)
        .toList();
  }
}
