package io.github.tcppool.framing;

import static io.github.tcppool.framing.Frames.bytes;
import static io.github.tcppool.framing.Frames.decode;
import static io.github.tcppool.framing.Frames.decodeByteByByte;
import static io.github.tcppool.framing.Frames.encode;
import static io.github.tcppool.framing.Frames.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.tcppool.framing.Frames.Decoded;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTest extends MessageContract {
  private final Lines lines = Framing.lines();

  @Override
  Framing framing(int maxMessageBytes) {
    return lines.withMaxMessageBytes(maxMessageBytes);
  }

  @Nested
  class WithAllChecks extends MessageContract {
    @Override
    Framing framing(int maxMessageBytes) {
      return lines.withUtf8Check().withoutNulOrBareCr().withMaxMessageBytes(maxMessageBytes);
    }
  }

  @Test
  void aMessageWithoutAnEndGetsLf() {
    assertThat(text(encode(lines, "a"))).isEqualTo("a\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\n", "a\r\n"})
  void aMessageThatEndsInLfOrCrLfGoesOutAsItIs(String message) {
    assertThat(text(encode(lines, message))).isEqualTo(message);
    assertThat(decode(lines, bytes(message)).messages()).containsExactly("a");
  }

  @Test
  void theEndOfALineDoesNotCountTowardsTheMaximum() {
    Lines two = lines.withMaxMessageBytes(2);

    assertThat(text(encode(two, "ab\r\n"))).isEqualTo("ab\r\n");
    assertThat(decodeByteByByte(two, bytes("ab\r\nab\n")).messages()).containsExactly("ab", "ab");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "\na", "a\n\n", "a\n\r\n", "a\r\nb\r\n"})
  void lfInsideAMessageIsRefused(String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(lines, message))
        .withMessageContaining("must not contain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "\ra", "a\r", "a\r\r\n"})
  void crInsideAMessageIsRefused(String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(lines, message))
        .withMessageContaining("must not contain CR");
  }

  @Test
  void theMessageNamesTheByteAndWhereItStands() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(lines, "abc\nd"))
        .withMessage("line must not contain LF, but byte 3 of the message is one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abcd", "abcdefgh", "abc\rd", "abcd\r\n", "abcd\n"})
  void aStreamWithoutLfWithinTheMaximumIsRefused(String stream) {
    assertThat(decode(lines.withMaxMessageBytes(3), bytes(stream)).failure())
        .contains("must end within 3 bytes");
    assertThat(decodeByteByByte(lines.withMaxMessageBytes(3), bytes(stream)).refused()).isTrue();
  }

  @Test
  void theMaximumCountsBytesAndNotCharacters() {
    String line = text("ééé\n".getBytes(UTF_8));

    assertThat(decode(lines.withMaxMessageBytes(6), bytes(line)).messages()).hasSize(1);
    assertThat(decode(lines.withMaxMessageBytes(5), bytes(line)).refused()).isTrue();
  }

  @Test
  void aLastLineWithoutAnEndIsLeftUnread() {
    Decoded decoded = decode(lines, bytes("a\nbc"));

    assertThat(decoded.messages()).containsExactly("a");
    assertThat(decoded.unread()).isEqualTo(2);
  }

  @Test
  void onlyOneCrBeforeLfIsTakenAway() {
    assertThat(decodeByteByByte(lines, bytes("a\r\r\n\rb\n")).messages())
        .containsExactly("a\r", "\rb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b\n", "\0", "a\rb\n", "a\r\r\n", "\ra"})
  void nulAndBareCrAreRefusedOnRequestWhenReading(String stream) {
    Lines strict = lines.withoutNulOrBareCr();

    assertThat(decode(lines, bytes(stream)).failure()).isEmpty();
    assertThat(decode(strict, bytes(stream)).failure()).containsPattern("NUL|CR");
    assertThat(decodeByteByByte(strict, bytes(stream))).isEqualTo(decode(strict, bytes(stream)));
  }

  @Test
  void nulIsRefusedOnRequestWhenWriting() {
    assertThat(text(encode(lines, "a\0"))).isEqualTo("a\0\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(lines.withoutNulOrBareCr(), "a\0"))
        .withMessage("line must not contain NUL, but byte 1 of the message is one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0080",
        "\u00ff",
        "\u00c3",
        "\u00c0\u0080",
        "\u00e0\u0080\u0080",
        "\u00ed\u00a0\u0080",
        "\u00f0\u0080\u0080\u0080",
        "\u00f4\u0090\u0080\u0080",
        "\u00f5",
        "\u00e2\u0082",
      })
  void malformedUtf8IsRefusedOnRequestBothWays(String malformed) {
    Lines strict = lines.withUtf8Check();

    assertThat(decode(lines, bytes("a" + malformed + "\n")).messages()).hasSize(1);
    assertThat(decode(strict, bytes("a" + malformed + "\n")).failure())
        .contains("line must be UTF-8, but byte ");
    assertThat(decodeByteByByte(strict, bytes("a" + malformed + "\n")).refused()).isTrue();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(strict, "a" + malformed))
        .withMessageContaining("line must be UTF-8");
  }

  @Test
  void wellFormedUtf8PassesWhereverTheStreamIsSplit() {
    Lines strict = lines.withUtf8Check();
    String line = text("aé€\uD83D\uDE00\uFFFF\u0800".getBytes(UTF_8));

    assertThat(decodeByteByByte(strict, encode(strict, line, line)).messages())
        .containsExactly(line, line);
  }

  @Test
  void doesNotRevealTruncation() {
    assertThat(lines.revealsTruncation()).isFalse();
  }
}
