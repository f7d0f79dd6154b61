package io.github.tcppool.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessageSplitterTest {

  private static final List<String> LINES =
      IntStream.range(0, 60).mapToObj(i -> "line ".repeat(i % 30) + i + "\n").toList();

  private static List<String> split(byte[] all, IntSupplier slices) throws FrameException {
    MessageSplitter splitter = new MessageSplitter(Framing.lines());
    List<String> got = new ArrayList<>();
    for (int from = 0; from < all.length; ) {
      int size = Math.min(slices.getAsInt(), all.length - from);
      splitter.add(all, from, size);
      from += size;
      for (byte[] frame = splitter.next(); frame.length > 0; frame = splitter.next()) {
        got.add(new String(frame, UTF_8));
      }
    }
    assertThat(splitter.pending()).isZero();
    return got;
  }

  @Test
  void messagesAreTheSameHoweverTheyAreSliced() throws FrameException {
    byte[] all = String.join("", LINES).getBytes(UTF_8);
    for (int slice : new int[] {1, 2, 3, 7, 64, 1023, 1024, 1025, all.length}) {
      assertThat(split(all, () -> slice)).as("slices of %d", slice).isEqualTo(LINES);
    }
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      assertThat(split(all, () -> 1 + random.nextInt(90))).as("seed %d", seed).isEqualTo(LINES);
    }
  }

  @Test
  void whatIsNotWholeIsCounted() throws FrameException {
    MessageSplitter splitter = new MessageSplitter(Framing.lines());
    splitter.add("whole\npart".getBytes(UTF_8), 0, 10);
    assertThat(splitter.next()).hasSize(6);
    assertThat(splitter.next()).isEmpty();
    assertThat(splitter.pending()).isEqualTo(4);
  }

  @Test
  void aLongMessageWrittenByteByByteIsNotCopiedAtEveryByte() {
    int length = 1_000_000;
    byte[] one = {'x'};
    assertTimeoutPreemptively(
        Duration.ofSeconds(3),
        () -> {
          MessageSplitter splitter = new MessageSplitter(Framing.lines());
          ByteArrayOutputStream got = new ByteArrayOutputStream();
          for (int i = 0; i < length; i++) {
            splitter.add(one, 0, 1);
            got.writeBytes(splitter.next());
          }
          splitter.add(new byte[] {'\n'}, 0, 1);
          got.writeBytes(splitter.next());
          assertThat(got.size()).isEqualTo(length + 1);
        });
  }
}
