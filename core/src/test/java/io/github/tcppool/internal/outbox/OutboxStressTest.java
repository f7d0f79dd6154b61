package io.github.tcppool.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallFailure;
import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.OutboxOptions;
import io.github.tcppool.OutboxSnapshot;
import io.github.tcppool.Outcome;
import io.github.tcppool.Overflow;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.framing.Framing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many threads offer while connections are missing, full, and break anywhere; in the end every
 * message that was accepted is in exactly one place.
 */
@Timeout(60)
class OutboxStressTest {

  private static final int PRODUCERS = 4;
  private static final int EACH = 2_000;

  /** A connection that takes a random part of what it is given, and may break at any byte. */
  private static final class Wire {
    final ByteArrayOutputStream taken = new ByteArrayOutputStream();
  }

  private final long seed = Long.getLong("tcppool.seed", System.nanoTime());

  /** Touched by whoever has the turn only. */
  private final Random random = new Random(seed);

  private final List<Wire> wires = new ArrayList<>();
  private final Queue<String> lost = new ConcurrentLinkedQueue<>();
  private final Queue<String> torn = new ConcurrentLinkedQueue<>();
  private final Set<String> accepted = new HashSet<>();
  private Wire idle;

  private final Carrier<Wire> carrier =
      new Carrier<>() {
        @Override
        public Wire tryTake() {
          return random.nextInt(4) == 0 ? null : next();
        }

        @Override
        public Wire take(long deadlineNanos) throws IOException {
          if (random.nextInt(20) == 0) {
            throw new IOException("no connection");
          }
          return next();
        }

        private Wire next() {
          Wire wire = idle;
          if (wire == null) {
            wire = new Wire();
            wires.add(wire);
          }
          idle = null;
          return wire;
        }

        @Override
        public long written(Wire wire) {
          return wire.taken.size();
        }

        @Override
        public boolean write(Wire wire, ByteBuffer frames, boolean mayWait) throws IOException {
          int dice = random.nextInt(30);
          int most = dice < 10 || dice == 29 ? random.nextInt(frames.remaining() + 1) : 1 << 20;
          while (frames.hasRemaining() && most-- > 0) {
            wire.taken.write(frames.get());
          }
          if (dice == 29) {
            throw new IOException("Broken pipe");
          }
          if (!frames.hasRemaining()) {
            return true;
          }
          return mayWait && write(wire, frames, true);
        }

        @Override
        public void write(Wire wire, byte[] message) {
          throw new AssertionError("no message is that large");
        }

        @Override
        public void giveBack(Wire wire, int messages) {
          idle = wire;
        }

        @Override
        public void abandon(Wire wire, CloseReason reason) {
          throw new AssertionError("no framing fails here, and none is closed amid a write");
        }

        @Override
        public void discard(Wire wire, boolean torn, IOException cause) {
          // never used again
        }

        @Override
        public Endpoint endpoint(Wire wire) {
          return Endpoint.of("wire", 1);
        }

        @Override
        public PoolOptions options() {
          return PoolOptions.defaults();
        }
      };

  private void onLost(byte[] message, IOException cause) {
    boolean cut = ((CallFailure) cause).outcome() == Outcome.PARTIAL;
    (cut ? torn : lost).add(new String(message, UTF_8));
  }

  @ParameterizedTest
  @EnumSource(Overflow.Kind.class)
  void everyAcceptedMessageIsInExactlyOnePlace(Overflow.Kind kind) throws Exception {
    System.out.println("tcppool.seed=" + seed);
    boolean blocks = kind == Overflow.Kind.BLOCK;
    Overflow overflow = new Overflow(kind, Duration.ofSeconds(blocks ? 30 : 0));
    PoolOutbox<Wire> outbox =
        new PoolOutbox<>(
            "stress",
            OutboxOptions.defaults()
                .maxMessages(100)
                .batchBytes(1024)
                .overflow(overflow)
                .listener(this::onLost),
            Framing.lines(),
            carrier,
            System::nanoTime,
            closed -> {});
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < PRODUCERS; p++) {
      int producer = p;
      Thread thread = new Thread(() -> produce(outbox, producer));
      thread.start();
      threads.add(thread);
    }
    while (threads.stream().anyMatch(Thread::isAlive)) {
      OutboxSnapshot now = outbox.snapshot();
      assertThat(now.accepted())
          .isEqualTo(now.sent() + now.failed() + now.dropped() + now.queued());
      assertThat(now.queued()).isBetween(0, 100);
    }
    boolean drops = kind == Overflow.Kind.DROP_OLDEST || kind == Overflow.Kind.DROP_NEWEST;
    if (!drops) {
      assertThat(outbox.flush(Duration.ofSeconds(10))).as("no wake-up was lost").isTrue();
    }
    List<byte[]> left = outbox.close(Duration.ZERO);
    check(outbox.snapshot(), left);
  }

  private void produce(PoolOutbox<Wire> outbox, int producer) {
    for (int i = 0; i < EACH; i++) {
      String message = String.format("%d %05d", producer, i);
      if (outbox.offer(message.getBytes(UTF_8))) {
        synchronized (accepted) {
          accepted.add(message);
        }
      }
    }
  }

  private void check(OutboxSnapshot end, List<byte[]> left) {
    List<String> all = new ArrayList<>(torn);
    all.addAll(lost);
    left.forEach(message -> all.add(new String(message, UTF_8)));
    List<String> arrived = new ArrayList<>();
    wires.forEach(wire -> arrived.addAll(wholeLines(wire)));
    all.addAll(arrived);
    assertThat(end.queued()).isZero();
    assertThat(end.queuedBytes()).isZero();
    assertThat(all).doesNotHaveDuplicates().containsAll(accepted);
    assertThat(end.sent()).isEqualTo(arrived.size());
    assertThat(end.failed()).isEqualTo(torn.size() + left.size());
    assertThat(end.dropped()).isEqualTo(lost.size());
  }

  /** In the order of each producer; a torn message is at the end and has no line feed. */
  private static List<String> wholeLines(Wire wire) {
    String text = wire.taken.toString(UTF_8);
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    int[] last = {-1, -1, -1, -1};
    for (String line : lines) {
      int producer = line.charAt(0) - '0';
      int number = Integer.parseInt(line.substring(2));
      assertThat(number).as("of producer %d", producer).isGreaterThan(last[producer]);
      last[producer] = number;
    }
    return lines;
  }
}
