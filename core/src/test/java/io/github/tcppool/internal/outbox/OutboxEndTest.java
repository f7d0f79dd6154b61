package io.github.tcppool.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.CallFailure;
import io.github.tcppool.FailureDetails;
import io.github.tcppool.OutboxOptions;
import io.github.tcppool.Outcome;
import io.github.tcppool.Overflow;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.framing.Framing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How an outbox ends. */
class OutboxEndTest extends OutboxFixture {

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
  void aLargeMessageThatTheFramingRefusesFailsOnceAndIsNotThePeersFault() {
    open(OutboxOptions.defaults().batchBytes(1024));
    carrier.framingFault = new IllegalStateException("too large for me");
    offer("x".repeat(2_000));
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(lost).hasSize(1);
    assertThat(lost.peek().cause()).hasMessageContaining("too large for me");
    assertThat(((CallFailure) lost.peek().cause()).outcome()).isEqualTo(Outcome.NOT_SENT);
    assertThat(carrier.wires.get(0).blameless).isTrue();
    offer("small");
    assertThat(outbox.flush(SOON)).isTrue();
    assertThat(carrier.wires).hasSize(2);
    assertThat(carrier.texts()).isEqualTo("small\n");
  }

  @Test
  void closeInTheMiddleOfAWriteTellsTheTornMessageToTheListener() throws Exception {
    open(OutboxOptions.defaults());
    carrier.roomBytes = 2;
    offer("torn");
    carrier.stuck.acquire();
    offer("whole");
    assertThat(outbox.close(AT_ONCE)).extracting(OutboxFixture::text).containsExactly("whole");
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
}
