package io.github.tcppool.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.OutboxFullException;
import io.github.tcppool.OutboxOptions;
import io.github.tcppool.Overflow;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What an outbox does when there is no room. */
class OutboxLimitsTest extends OutboxFixture {

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
}
