package io.github.tcppool.framing;

import static io.github.tcppool.framing.Frames.bytes;
import static io.github.tcppool.framing.Frames.decode;
import static io.github.tcppool.framing.Frames.decodeByteByByte;
import static io.github.tcppool.framing.Frames.encode;
import static io.github.tcppool.framing.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EmptyMessageTest {
  /** The framing as it comes, the same with empty messages, and an empty frame. */
  static Stream<Arguments> framings() {
    Delimiter delimiter = Framing.delimiter(bytes("--"));
    LengthPrefix included = Framing.lengthPrefix(4).lengthIncludesHeader();
    return Stream.of(
        arguments(Framing.lines(), Framing.lines().allowEmpty(), "\n"),
        arguments(delimiter, delimiter.allowEmpty(), "--"),
        arguments(Framing.lengthPrefix(2), Framing.lengthPrefix(2).allowEmpty(), "\0\0"),
        arguments(included, included.allowEmpty(), "\0\0\0\4"),
        arguments(Framing.varint(), Framing.varint().allowEmpty(), "\0"),
        arguments(Framing.netstring(), Framing.netstring().allowEmpty(), "0:,"));
  }

  @ParameterizedTest
  @MethodSource("framings")
  void anEmptyMessageIsRefusedBothWays(Framing framing, Framing allowing, String frame) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(framing, ""))
        .withMessageContaining("must not be empty (allowEmpty() would let it pass)");
    assertThat(decode(framing, bytes(frame)).failure())
        .contains("must not be empty (allowEmpty() would let it pass)");
    assertThat(decodeByteByByte(framing, bytes(frame)).refused()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("framings")
  void anEmptyMessagePassesBothWaysOnRequest(Framing framing, Framing allowing, String frame) {
    assertThat(text(encode(allowing, ""))).isEqualTo(frame);
    assertThat(decodeByteByByte(allowing, encode(allowing, "", "a", "")).messages())
        .containsExactly("", "a", "");
  }

  @Test
  void aMessageOfNothingButItsEndIsEmpty() {
    assertThatIllegalArgumentException().isThrownBy(() -> encode(Framing.lines(), "\r\n"));
    assertThat(decode(Framing.lines(), bytes("\r\n")).refused()).isTrue();
    assertThat(text(encode(Framing.lines().allowEmpty(), "\r\n"))).isEqualTo("\r\n");
    assertThat(decode(Framing.lines().allowEmpty(), bytes("\r\n")).messages()).containsExactly("");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(Framing.delimiter(bytes("--")), "--"));
  }
}
