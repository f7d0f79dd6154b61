package io.github.tcppool.framing;

import static io.github.tcppool.framing.Frames.bytes;
import static io.github.tcppool.framing.Frames.decode;
import static io.github.tcppool.framing.Frames.decodeByteByByte;
import static io.github.tcppool.framing.Frames.encode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.tcppool.framing.Frames.Decoded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixedTest extends MessageContract {
  @Override
  Framing framing(int maxMessageBytes) {
    return Framing.fixed(maxMessageBytes);
  }

  @Override
  int[] sizes() {
    return new int[] {MAX};
  }

  /** There is no length that could be too long: one byte more begins the next message. */
  @Test
  @Override
  void aMessageOfTheMaximumIsReadAndOneByteMoreIsRefused() {
    Decoded decoded = decode(framing(3), bytes("abcd"));

    assertThat(decoded.messages()).containsExactly("abc");
    assertThat(decoded.unread()).isEqualTo(1);
  }

  /** No stream breaks this framing, except by its end. */
  @Test
  @Override
  void aStreamThatWasRefusedOnceIsNotReadOn() {
    assertThat(decodeByteByByte(framing(2), bytes("\n\0\r\u00ff\u0080;")).messages()).hasSize(3);
  }

  @Test
  void aRestAtTheEndOfTheStreamIsLeftUnread() {
    assertThat(decodeByteByByte(framing(4), bytes("abcdef")).unread()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "abc", "abcde", "abcdefgh"})
  void aMessageOfAnyOtherSizeIsRefused(String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(framing(4), message))
        .withMessage("message must be exactly 4 bytes, but was " + message.length());
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0})
  void aSizeBelowOneIsRefused(int bytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Framing.fixed(bytes))
        .withMessage("bytes must be at least 1, but was " + bytes);
  }

  @Test
  void aSizeAboveTheHighestMaximumIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Framing.fixed(Integer.MAX_VALUE))
        .withMessage("bytes must be at most 2147483583, but was 2147483647");
  }

  @Test
  void aSizeAboveTheMaximumIsRefused() {
    Fixed fixed = Framing.fixed(4);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> fixed.withMaxMessageBytes(3))
        .withMessage("maxMessageBytes must be at least the fixed size of 4, but was 3");
    assertThat(fixed.withMaxMessageBytes(5).maxMessageBytes()).isEqualTo(4);
  }

  @Test
  void revealsTruncation() {
    assertThat(framing(1).revealsTruncation()).isTrue();
  }
}
