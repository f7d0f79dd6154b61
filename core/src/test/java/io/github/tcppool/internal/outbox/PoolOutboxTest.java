package io.github.tcppool.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.CallFailure;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.FailureDetails;
import io.github.tcppool.OutboxFullException;
import io.github.tcppool.OutboxOptions;
import io.github.tcppool.OutboxSnapshot;
import io.github.tcppool.Outcome;
import io.github.tcppool.Overflow;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.PoolExhaustedException;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.SendFailedException;
import io.github.tcppool.framing.Framing;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The outbox over connections that do as a test says, on a clock that a test moves. */
@Timeout(20)
class PoolOutboxTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration AT_ONCE = Duration.ZERO;

  private record Lost(String message, IOException cause) {}

  private final FakeCarrier carrier = new FakeCarrier();
  private final Queue<Lost> lost = new ConcurrentLinkedQueue<>();
  private final AtomicLong now = new AtomicLong(TimeUnit.HOURS.toNanos(1));
  private PoolOutbox<FakeCarrier.Wire> outbox;

  private PoolOutbox<FakeCarrier.Wire> open(OutboxOptions options) {
    return open(options, Framing.lines());
  }

  private PoolOutbox<FakeCarrier.Wire> open(OutboxOptions options, Framing framing) {
    OutboxOptions heard =
        options.listener((message, cause) -> lost.add(new Lost(text(message), cause)));
    outbox = new PoolOutbox<>("pool", heard, framing, carrier, now::get, closed -> {});
    return outbox;
  }

  @AfterEach
  void theAccountsAgreeToTheEnd() {
    outbox.close(AT_ONCE);
    OutboxSnapshot end = outbox.snapshot();
    assertThat(end.accepted()).isEqualTo(end.sent() + end.failed() + end.dropped() + end.queued());
    assertThat(end.queued()).isZero();
    assertThat(end.queuedBytes()).isZero();
  }

  private static String text(byte[] message) {
    return new String(message, UTF_8);
  }

  private boolean offer(String message) {
    return outbox.offer(message.getBytes(UTF_8));
  }

  /** Makes the next offer find an outbox that has been quiet. */
  private void quiet() {
    now.addAndGet(TimeUnit.SECONDS.toNanos(1));
  }

  /** Fills the outbox while its one connection is not to be had. */
  private void holdBack() {
    carrier.idle = false;
    carrier.connections.drainPermits();
  }

  private void letGo() {
    carrier.idle = true;
    carrier.connections.release(1_000_000);
  }

  // ---- sending ----

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

  // ---- outages ----

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

  // ---- limits ----

  @Test
  void aFullOutboxRefuses() {
    open(OutboxOptions.defaults().maxMessages(2));
    holdBack();
    assertThat(offer("a")).isTrue();
    assertThat(offer("b")).isTrue();
    assertThat(offer("c")).isFalse();
    assertThat(outbox.snapshot().refused()).isEqualTo(1);
    assertThat(outbox.snapshot().accepted()).isEqualTo(2);
    letGo();
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(offer("d")).isTrue();
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(carrier.texts()).isEqualTo("a\nb\nd\n");
  }

  @Test
  void theNewestGivesWay() {
    open(OutboxOptions.defaults().maxBytes(2).overflow(Overflow.dropNewest()));
    holdBack();
    offer("a");
    offer("b");
    assertThat(offer("c")).isFalse();
    assertThat(lost).extracting(Lost::message).containsExactly("c");
    assertThat(lost.peek().cause()).isInstanceOf(OutboxFullException.class);
    assertThat(outbox.snapshot().dropped()).isEqualTo(1);
    assertThat(outbox.snapshot().accepted()).isEqualTo(3);
    letGo();
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(carrier.texts()).isEqualTo("a\nb\n");
  }

  @Test
  void theOldestGivesWayUnlessItIsBeingWritten() throws Exception {
    open(OutboxOptions.defaults().maxMessages(3).overflow(Overflow.dropOldest()));
    carrier.roomBytes = 1;
    offer("written");
    carrier.stuck.acquire();
    offer("b");
    offer("c");
    assertThat(offer("d")).isTrue();
    assertThat(offer("e")).isTrue();
    assertThat(lost).extracting(Lost::message).containsExactly("b", "c");
    assertThat(outbox.snapshot().dropped()).isEqualTo(2);
    carrier.unstuck.release();
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(carrier.texts()).isEqualTo("written\nd\ne\n");
  }

  @Test
  void theNewMessageIsDroppedWhereAllOthersAreBeingWritten() throws Exception {
    open(OutboxOptions.defaults().maxMessages(1).overflow(Overflow.dropOldest()));
    carrier.roomBytes = 1;
    offer("written");
    carrier.stuck.acquire();
    assertThat(offer("b")).isFalse();
    assertThat(lost).extracting(Lost::message).containsExactly("b");
    carrier.unstuck.release();
    assertThat(outbox.flush(SOON)).isTrue();
  }

  @Test
  void aBlockedOfferGoesOnWhenThereIsRoom() throws Exception {
    open(OutboxOptions.defaults().maxMessages(1).overflow(Overflow.block(SOON)));
    carrier.roomBytes = 1;
    offer("a");
    carrier.stuck.acquire();
    Thread blocked = new Thread(() -> offer("b"));
    blocked.start();
    await().until(() -> blocked.getState() == Thread.State.TIMED_WAITING);
    carrier.unstuck.release();
    blocked.join(10_000);
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(carrier.texts()).isEqualTo("a\nb\n");
  }

  @Test
  void aBlockedOfferGivesUpInTime() throws Exception {
    open(OutboxOptions.defaults().maxMessages(1).overflow(Overflow.block(Duration.ofMillis(5))));
    carrier.roomBytes = 1;
    offer("a");
    carrier.stuck.acquire();
    assertThat(offer("b")).isFalse();
    Thread.currentThread().interrupt();
    assertThat(offer("c")).isFalse();
    assertThat(Thread.interrupted()).as("the flag stays").isTrue();
    assertThat(outbox.snapshot().refused()).isEqualTo(2);
    carrier.unstuck.release();
  }

  @Test
  void messagesThatCanNeverBeSentAreRefusedAtOnce() {
    open(OutboxOptions.defaults().maxBytes(10));
    assertThatThrownBy(() -> offer(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1 byte");
    assertThatThrownBy(() -> offer("12345678901"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10 bytes, but had 11");
    assertThatThrownBy(() -> offer("a\nb")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> outbox.offer(null)).isInstanceOf(NullPointerException.class);
    assertThat(outbox.snapshot().accepted()).isZero();
  }

  // ---- the end ----

  @Test
  void closeSendsWhatIsQueued() {
    open(OutboxOptions.defaults());
    holdBack();
    offer("a");
    offer("b");
    letGo();
    assertThat(outbox.close(SOON)).isEmpty();
    assertThat(carrier.texts()).isEqualTo("a\nb\n");
    assertThat(offer("late")).isFalse();
    assertThat(outbox.snapshot().closed()).isTrue();
    await().until(() -> threads().isEmpty());
  }

  @Test
  void closeReturnsWhatCouldNotBeSentInOrder() {
    open(OutboxOptions.defaults());
    holdBack();
    for (int i = 0; i < 2_000; i++) {
      offer("m" + i);
    }
    List<byte[]> left = outbox.close(Duration.ofMillis(5));
    assertThat(left).hasSize(2_000);
    assertThat(text(left.get(0))).isEqualTo("m0");
    assertThat(text(left.get(1_999))).isEqualTo("m1999");
    assertThat(outbox.close(SOON)).isEmpty();
    assertThat(outbox.snapshot().failed()).isEqualTo(2_000);
    assertThat(lost).isEmpty();
  }

  @Test
  void closeInTheMiddleOfAWriteTellsTheTornMessageToTheListener() throws Exception {
    open(OutboxOptions.defaults());
    carrier.roomBytes = 2;
    offer("torn");
    carrier.stuck.acquire();
    offer("whole");
    assertThat(outbox.close(AT_ONCE)).extracting(PoolOutboxTest::text).containsExactly("whole");
    assertThat(lost).extracting(Lost::message).containsExactly("torn");
    assertThat(((CallFailure) lost.peek().cause()).outcome()).isEqualTo(Outcome.PARTIAL);
    assertThat(carrier.wires.get(0).torn).isTrue();
  }

  @Test
  void closeTurnsBlockedOffersAway() throws Exception {
    open(OutboxOptions.defaults().maxMessages(1).overflow(Overflow.block(Duration.ofHours(1))));
    carrier.roomBytes = 1;
    offer("a");
    carrier.stuck.acquire();
    Thread blocked = new Thread(() -> offer("b"));
    blocked.start();
    await().until(() -> blocked.getState() == Thread.State.TIMED_WAITING);
    outbox.close(AT_ONCE);
    blocked.join(10_000);
    assertThat(blocked.isAlive()).isFalse();
    assertThat(outbox.snapshot().refused()).isEqualTo(1);
  }

  @Test
  void aPoolThatIsClosedEndsItsOutboxAndTellsWhatIsLost() {
    open(OutboxOptions.defaults());
    carrier.idle = false;
    carrier.refusals.add(new PoolClosedException("closed", FailureDetails.NOTHING_SENT, null));
    offer("a");
    await().until(() -> lost.size() == 1);
    assertThat(lost.peek().cause()).isInstanceOf(PoolClosedException.class);
    assertThat(offer("b")).isFalse();
  }

  @Test
  void aListenerThatThrowsIsNobodysTrouble() {
    OutboxOptions hostile =
        OutboxOptions.defaults()
            .maxMessages(1)
            .overflow(Overflow.dropNewest())
            .listener(
                (message, cause) -> {
                  throw new AssertionError("hostile");
                });
    outbox = new PoolOutbox<>("pool", hostile, Framing.lines(), carrier, now::get, closed -> {});
    holdBack();
    offer("a");
    assertThat(offer("b")).isFalse();
    letGo();
    assertThat(outbox.flush(SOON)).isTrue();
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter("pool-outbox"::equals)
        .toList();
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
}
