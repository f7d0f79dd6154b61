package io.github.tcppool.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.CallFailure;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.FailureDetails;
import io.github.tcppool.HealthPolicy;
import io.github.tcppool.OutboxOptions;
import io.github.tcppool.Outcome;
import io.github.tcppool.PoolExhaustedException;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.SendFailedException;
import io.github.tcppool.framing.Framing;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How an outbox sends, and what becomes of messages when it cannot. */
class PoolOutboxTest extends OutboxFixture {

  private static final int ROUNDS = 20_000;

  @Test
  void anIdleOutboxSendsInTheThreadThatOffers() {
    open(OutboxOptions.defaults());
    assertThat(offer("one")).isTrue();
    assertThat(carrier.texts()).isEqualTo("one\n");
    assertThat(outbox.snapshot().sent()).isEqualTo(1);
    assertThat(threads()).isEmpty();
  }

  @Test
  void aBusyOutboxBatchesInItsOwnThread() {
    open(OutboxOptions.defaults());
    holdBack();
    for (int i = 0; i < 100; i++) {
      assertThat(offer("m" + i)).isTrue();
    }
    letGo();
    assertThat(outbox.flush(SOON)).isTrue();
    String expected =
        IntStream.range(0, 100).mapToObj(i -> "m" + i + "\n").reduce("", String::concat);
    assertThat(carrier.texts()).isEqualTo(expected);
    assertThat(outbox.snapshot().batches()).isLessThanOrEqualTo(2);
    assertThat(carrier.messages).isEqualTo(100);
  }

  @Test
  void aMessageLargerThanTheBatchGoesOutAlone() {
    open(OutboxOptions.defaults().batchBytes(1024), Framing.none());
    offer("small");
    quiet();
    offer("x".repeat(5000));
    offer("small again");
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(carrier.texts()).isEqualTo("small" + "x".repeat(5000) + "small again");
    assertThat(outbox.snapshot().sent()).isEqualTo(3);
  }

  @Test
  void whatTheKernelDoesNotTakeAtOnceIsWrittenByTheOutboxThread() throws Exception {
    open(OutboxOptions.defaults());
    carrier.roomBytes = 2;
    assertThat(offer("four")).isTrue();
    carrier.stuck.acquire();
    assertThat(outbox.snapshot().queued()).isEqualTo(1);
    assertThat(outbox.flush(Duration.ofMillis(5))).isFalse();
    carrier.unstuck.release();
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(carrier.texts()).isEqualTo("four\n");
    assertThat(carrier.wires).hasSize(1);
  }

  @Test
  void aLingeringOutboxWaitsForABatchOrAFlush() {
    open(OutboxOptions.defaults().linger(Duration.ofHours(1)).batchBytes(1024));
    offer("waits");
    await().until(() -> !threads().isEmpty());
    assertThat(carrier.texts()).isEmpty();
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(carrier.texts()).isEqualTo("waits\n");
    for (int i = 0; i < 200; i++) {
      offer("0123456789");
    }
    await().until(() -> outbox.snapshot().sent() > 50);
  }

  @Test
  void aLingerThatIsOverLetsTheMessageGo() {
    open(OutboxOptions.defaults().linger(Duration.ofMillis(1)));
    offer("soon");
    await().until(() -> carrier.texts().equals("soon\n"));
  }

  @Test
  void anOutageLosesNothing() {
    open(OutboxOptions.defaults());
    carrier.idle = false;
    for (int i = 0; i < 5; i++) {
      carrier.refusals.add(new ConnectException("Connection refused"));
    }
    carrier.refusals.add(
        new PoolExhaustedException("many wait", FailureDetails.NOTHING_SENT, null));
    offer("one");
    offer("two");
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(carrier.texts()).isEqualTo("one\ntwo\n");
    assertThat(lost).isEmpty();
  }

  @Test
  void aPoolThatFailsFastIsAskedAtThePaceOfItsBackoff() {
    carrier.options =
        PoolOptions.defaults().toBuilder().health(HealthPolicy.defaults().failFast(true)).build();
    open(OutboxOptions.defaults());
    carrier.idle = false;
    for (int i = 0; i < 5; i++) {
      carrier.refusals.add(
          new ConnectFailedException("all are down", FailureDetails.NOTHING_SENT, null));
    }
    long begun = System.nanoTime();
    offer("one");
    assertThat(outbox.flush(SOON)).isTrue();
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(took).as("of 248 ms at least").isGreaterThan(Duration.ofMillis(60));
    assertThat(carrier.texts()).isEqualTo("one\n");
    assertThat(lost).isEmpty();
  }

  @Test
  void aConnectionThatBreaksBetweenTwoMessagesCostsNone() {
    open(OutboxOptions.defaults());
    carrier.breaksAfter = 10;
    holdBack();
    for (String message : List.of("0123", "4567", "89ab", "cdef", "ghij")) {
      offer(message);
    }
    letGo();
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(carrier.wires)
        .extracting(FakeCarrier.Wire::text)
        .containsExactly("0123\n4567\n", "89ab\ncdef\n", "ghij\n");
    assertThat(carrier.wires).noneMatch(wire -> wire.torn);
    assertThat(lost).isEmpty();
  }

  @Test
  void aTornLineFailsWithTheBytesThatWereCutOff() {
    open(OutboxOptions.defaults());
    carrier.breaksAfter = 7;
    holdBack();
    offer("0123");
    offer("4567");
    letGo();
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(carrier.wires.get(0).text()).isEqualTo("0123\n45");
    assertThat(carrier.wires.get(0).torn).isTrue();
    assertThat(lost).hasSize(1);
    assertThat(lost.peek().message()).isEqualTo("4567");
    assertThat(lost.peek().cause()).isInstanceOf(SendFailedException.class);
    CallFailure failure = (CallFailure) lost.peek().cause();
    assertThat(failure.outcome()).isEqualTo(Outcome.PARTIAL);
    assertThat(failure.bytesWritten()).isEqualTo(2);
    assertThat(outbox.snapshot().sent()).isEqualTo(1);
    assertThat(outbox.snapshot().failed()).isEqualTo(1);
  }

  @Test
  void aTornMessageGoesOutAgainWhereThePeerSeesThatItWasTorn() {
    carrier.options = PoolOptions.defaults().toBuilder().resendTorn(true).build();
    open(OutboxOptions.defaults(), Framing.lengthPrefix(1));
    carrier.breaksAfter = 4;
    offer("ab");
    quiet();
    offer("cd");
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(carrier.texts()).isEqualTo("\2ab\2" + "\2cd");
    assertThat(outbox.snapshot().resent()).isEqualTo(1);
    assertThat(lost).isEmpty();
  }

  @Test
  void anIdempotentOutboxSendsTornMessagesAgain() {
    open(OutboxOptions.defaults().idempotent());
    carrier.breaksAfter = 4;
    offer("ab");
    quiet();
    offer("cd");
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(carrier.texts()).isEqualTo("ab\nc" + "cd\n");
    assertThat(outbox.snapshot().resent()).isEqualTo(1);
  }

  @Test
  void messagesThatAreTooOldAreGivenUp() {
    open(OutboxOptions.defaults().maxAge(Duration.ofSeconds(1)));
    carrier.idle = false;
    carrier.refusals.add(new ConnectException("Connection refused"));
    holdBack();
    offer("old");
    await().until(() -> carrier.refusals.isEmpty());
    now.addAndGet(TimeUnit.SECONDS.toNanos(2));
    carrier.connections.release();
    await().until(() -> lost.size() == 1 || outbox.snapshot().sent() == 1);
    offer("new");
    letGo();
    assertThat(outbox.flush(SOON)).isTrue();
  }

  @Test
  void anExpiredMessageSaysSo() {
    open(OutboxOptions.defaults().maxAge(Duration.ofSeconds(1)));
    carrier.refusals.add(new ConnectException("Connection refused"));
    carrier.idle = false;
    now.addAndGet(1);
    holdBack();
    offer("first");
    await().until(() -> carrier.refusals.isEmpty());
    offer("second");
    now.addAndGet(TimeUnit.SECONDS.toNanos(1));
    carrier.connections.release();
    await().until(() -> lost.stream().anyMatch(one -> one.message().equals("second")));
    assertThat(lost)
        .allSatisfy(one -> assertThat(one.cause()).isInstanceOf(CallTimeoutException.class));
  }

  @Test
  void aFlushWaitsForWhatWasThereBeforeItOnly() throws Exception {
    open(OutboxOptions.defaults());
    holdBack();
    offer("a");
    offer("b");
    AtomicBoolean flushed = new AtomicBoolean();
    Thread flusher = new Thread(() -> flushed.set(outbox.flush(SOON)));
    flusher.start();
    await().until(() -> flusher.getState() == Thread.State.TIMED_WAITING);
    offer("c"); // in one batch with the second
    carrier.breaksAfter = 4;
    carrier.roomBytes = 4;
    letGo();
    carrier.stuck.acquire();
    flusher.join(5_000);
    assertThat(flushed).as("flushed although the third one is stuck").isTrue();
    assertThat(outbox.snapshot().queued()).isEqualTo(1);
    carrier.unstuck.release();
    assertThat(outbox.flush(SOON)).isTrue();
  }

  @Test
  void noMessageIsLeftLyingByOneWhoLetsGoWhileAnotherOnePublishes() throws Exception {
    AtomicLong leaps = new AtomicLong();
    outbox =
        new PoolOutbox<>(
            "pool",
            OutboxOptions.defaults(),
            Framing.lines(),
            carrier,
            () -> leaps.addAndGet(TimeUnit.SECONDS.toNanos(1)), // it has always been quiet
            closed -> {});
    CyclicBarrier round = new CyclicBarrier(2);
    Thread other = new Thread(() -> offerInRounds(round));
    other.start();
    for (int i = 0; i < ROUNDS; i++) {
      round.await();
      offer("mine");
      round.await();
      assertThat(outbox.flush(Duration.ofSeconds(5))).as("in round %d", i).isTrue();
    }
    other.join(5_000);
    assertThat(outbox.snapshot().sent()).isEqualTo(2 * ROUNDS);
  }

  private void offerInRounds(CyclicBarrier round) {
    try {
      for (int i = 0; i < ROUNDS; i++) {
        round.await();
        offer("other's");
        round.await();
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
