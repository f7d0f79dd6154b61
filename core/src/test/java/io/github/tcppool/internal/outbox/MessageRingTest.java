package io.github.tcppool.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.internal.outbox.MessageRing.Room;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class MessageRingTest {

  private static byte[] bytes(int length) {
    return new byte[length];
  }

  private static void put(MessageRing ring, byte[] message) {
    assertThat(ring.reserve(message.length)).isEqualTo(Room.GIVEN);
    ring.publish(message, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 100})
  void holdsExactlyItsMaximumOfMessages(int most) {
    MessageRing ring = new MessageRing(most, 1_000_000, false);
    for (int i = 0; i < most; i++) {
      put(ring, bytes(1));
    }
    assertThat(ring.reserve(1)).isEqualTo(Room.FULL);
    assertThat(ring.poll()).isNotNull();
    assertThat(ring.reserve(1)).as("taken out is still held").isEqualTo(Room.FULL);
    ring.free(1, 1);
    assertThat(ring.reserve(1)).isEqualTo(Room.GIVEN);
  }

  @Test
  void holdsExactlyItsMaximumOfBytes() {
    MessageRing ring = new MessageRing(100, 10, false);
    put(ring, bytes(6));
    assertThat(ring.reserve(5)).isEqualTo(Room.FULL);
    put(ring, bytes(4));
    assertThat(ring.bytes()).isEqualTo(10);
    assertThat(ring.messages()).isEqualTo(2);
    assertThat(ring.reserve(1)).isEqualTo(Room.FULL);
  }

  @Test
  void theLargestLimitsFitIntoTheWord() {
    long most = (1L << 40) - 1;
    MessageRing ring = new MessageRing(1 << 22, most, false);
    for (int i = 0; i < 512; i++) {
      assertThat(ring.reserve(Integer.MAX_VALUE)).isEqualTo(Room.GIVEN);
    }
    assertThat(ring.bytes()).isEqualTo(512L * Integer.MAX_VALUE);
    assertThat(ring.reserve(Integer.MAX_VALUE)).isEqualTo(Room.FULL);
    assertThat(ring.messages()).isEqualTo(512);
    ring.free(512, 512L * Integer.MAX_VALUE);
    for (int i = 0; i < 1 << 22; i++) {
      assertThat(ring.reserve(1)).isEqualTo(Room.GIVEN);
    }
    assertThat(ring.reserve(1)).isEqualTo(Room.FULL);
    assertThat(ring.messages()).isEqualTo(1 << 22);
  }

  @Test
  void messagesComeOutInTheOrderInWhichTheyWerePublished() {
    MessageRing ring = new MessageRing(4, 1_000, false);
    for (int round = 0; round < 10; round++) {
      byte[] first = bytes(1);
      byte[] second = bytes(2);
      put(ring, first);
      put(ring, second);
      assertThat(ring.poll()).isSameAs(first);
      assertThat(ring.poll()).isSameAs(second);
      assertThat(ring.poll()).isNull();
      ring.free(2, 3);
    }
    assertThat(ring.head()).isEqualTo(20).isEqualTo(ring.tail());
  }

  @Test
  void aClosedRingGivesNoRoomAndKeepsWhatItHas() {
    MessageRing ring = new MessageRing(4, 1_000, false);
    byte[] kept = bytes(3);
    put(ring, kept);
    assertThat(ring.close()).isTrue();
    assertThat(ring.close()).isFalse();
    assertThat(ring.isClosed()).isTrue();
    assertThat(ring.reserve(1)).isEqualTo(Room.CLOSED);
    assertThat(ring.messages()).isEqualTo(1);
    assertThat(ring.bytes()).isEqualTo(3);
    assertThat(ring.poll()).isSameAs(kept);
    ring.free(1, 3);
    assertThat(ring.isClosed()).isTrue();
  }

  @Test
  void nothingIsLostDoubledOrReorderedBetweenManyProducersAndAConsumer() throws Exception {
    int producers = 4;
    int each = 20_000;
    MessageRing ring = new MessageRing(64, 64L * 2, false);
    ExecutorService threads = Executors.newFixedThreadPool(producers);
    List<Future<?>> all = new ArrayList<>();
    for (int p = 0; p < producers; p++) {
      byte producer = (byte) p;
      all.add(threads.submit(() -> produce(ring, producer, each)));
    }
    int[] next = new int[producers];
    for (int seen = 0; seen < producers * each; ) {
      byte[] message = ring.poll();
      if (message == null) {
        letOthersRun();
        continue;
      }
      int number = ((message[1] & 255) << 16) | ((message[2] & 255) << 8) | (message[3] & 255);
      assertThat(number).as("of producer %d", message[0]).isEqualTo(next[message[0]]++);
      ring.free(1, 2);
      seen++;
    }
    for (Future<?> one : all) {
      one.get(5, TimeUnit.SECONDS);
    }
    threads.shutdownNow();
    assertThat(ring.messages()).isZero();
    assertThat(ring.bytes()).isZero();
  }

  /** Where processors are few, who spins keeps the others from going on. */
  @SuppressWarnings("ThreadPriorityCheck") // only how fast it goes depends on it
  private static void letOthersRun() {
    Thread.yield();
  }

  private static void produce(MessageRing ring, byte producer, int count) {
    for (int i = 0; i < count; i++) {
      byte[] message = {producer, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      while (ring.reserve(2) != Room.GIVEN) {
        letOthersRun();
      }
      ring.publish(message, 0);
    }
  }
}
