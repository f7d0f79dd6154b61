package io.github.tcppool.framing;

import static io.github.tcppool.framing.Frames.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How often a decoder looks at a byte: once, apart from the length in front of a message. Bytes it
 * has seen are overwritten with an end mark, so one that looks again finds an end that is none.
 */
class ScanOnceTest {
  private static final int BYTES = 5_000;

  /** The framing, what ends a message, and how many bytes back it may look. */
  static Stream<Arguments> framings() {
    Lines lines = Framing.lines();
    return Stream.of(
        arguments(lines, "\n", 1), // whether CR stands before LF
        arguments(lines.withUtf8Check(), "\n", 1),
        arguments(lines.withoutNulOrBareCr(), "\n", 1),
        arguments(Framing.delimiter((byte) 0), "\0", 0),
        arguments(Framing.delimiter(bytes("--")), "--", 0),
        arguments(Framing.delimiter(bytes("aabaac")), "aabaac", 0));
  }

  @ParameterizedTest
  @MethodSource("framings")
  void aByteThatWasSeenIsNotLookedAtAgain(Framing framing, String mark, int back)
      throws FrameException {
    FrameDecoder decoder = framing.newDecoder();
    byte[] stream = bytes("x".repeat(BYTES) + mark);
    ByteBuffer in = ByteBuffer.wrap(stream);
    for (int end = 1; end < stream.length; end++) {
      assertThat(decoder.scan(in.limit(end))).as("after %s bytes", end).isZero();
      overwrite(stream, end - back, mark);
    }
    assertThat(decoder.scan(in.limit(stream.length))).isEqualTo(BYTES + mark.length());
    assertThat(decoder.payloadLength()).isEqualTo(BYTES);
  }

  private static void overwrite(byte[] stream, int end, String mark) {
    byte[] ends = bytes(mark);
    for (int i = 0; i < Math.min(end, BYTES); i++) {
      stream[i] = ends[i % ends.length];
    }
  }
}
