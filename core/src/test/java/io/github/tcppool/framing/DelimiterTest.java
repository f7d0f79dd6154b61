package io.github.tcppool.framing;

import static io.github.tcppool.framing.Frames.bytes;
import static io.github.tcppool.framing.Frames.decode;
import static io.github.tcppool.framing.Frames.decodeByteByByte;
import static io.github.tcppool.framing.Frames.encode;
import static io.github.tcppool.framing.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DelimiterTest extends MessageContract {
  private static Delimiter delimiter(String delimiter) {
    return Framing.delimiter(bytes(delimiter));
  }

  @Override
  Framing framing(int maxMessageBytes) {
    return delimiter("--").withMaxMessageBytes(maxMessageBytes);
  }

  @Nested
  class OfOneByte extends MessageContract {
    @Override
    Framing framing(int maxMessageBytes) {
      return delimiter("\0").withMaxMessageBytes(maxMessageBytes);
    }
  }

  @Nested
  class OfSixteenBytesThatRepeatThemselves extends MessageContract {
    @Override
    Framing framing(int maxMessageBytes) {
      return delimiter("..,..,..,..,..,!").withMaxMessageBytes(maxMessageBytes);
    }
  }

  @Test
  void aMessageGetsTheDelimiterUnlessItEndsInIt() {
    assertThat(text(encode(delimiter("--"), "a"))).isEqualTo("a--");
    assertThat(text(encode(delimiter("--"), "a--"))).isEqualTo("a--");
    assertThat(text(encode(delimiter("--"), "-a--", "b-a"))).isEqualTo("-a--b-a--");
  }

  @Test
  void theDelimiterDoesNotCountTowardsTheMaximum() {
    Delimiter two = delimiter("--").withMaxMessageBytes(2);

    assertThat(text(encode(two, "ab--"))).isEqualTo("ab--");
    assertThat(decodeByteByByte(two, bytes("ab--")).messages()).containsExactly("ab");
  }

  @ParameterizedTest
  @CsvSource({
    "--, a--b, 1",
    "--, --a, 0",
    "--, a----, 1",
    "--, a---, 1",
    "aab, aaabc, 1",
    "aa, baaa, 1",
    "abab, xababab, 1",
  })
  void aMessageWithTheDelimiterInsideIsRefused(String delimiter, String message, int place) {
    Delimiter framing = delimiter(delimiter);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(framing, message))
        .withMessageContaining("must not contain its delimiter")
        .withMessageContaining("begins at byte " + place);
  }

  @ParameterizedTest
  @CsvSource({"--, a-", "aba, xab", "abab, xab", "abab, ab", "aaaa, xa"})
  void aMessageThatRunsIntoTheDelimiterIsRefused(String delimiter, String message) {
    // Sent as it is, the peer would find the end too early, and begin the next message with a rest.
    assertThat(decode(delimiter(delimiter), bytes(message + delimiter)).unread()).isPositive();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(delimiter(delimiter), message))
        .withMessageContaining("run into it");
  }

  @ParameterizedTest
  @CsvSource({"aab, xa", "aab, xaa", "abc, xab", "aabaac, xaab"})
  void aMessageThatMerelyEndsInTheBeginningOfTheDelimiterIsSent(String delimiter, String message) {
    Delimiter framing = delimiter(delimiter);

    assertThat(decodeByteByByte(framing, encode(framing, message, message)).messages())
        .containsExactly(message, message);
  }

  @Test
  void aDelimiterThatIsSplitOverReadsIsFoundBehindAFalseStart() {
    assertThat(decodeByteByByte(delimiter("aab"), bytes("xaaaabyab")).messages())
        .containsExactly("xaa");
    assertThat(decode(delimiter("\r\n\r\n"), bytes("a\r\n\r\r\n\r\n"), 3, 5, 7).messages())
        .containsExactly("a\r\n\r");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abcd", "abcdefgh", "abcd--", "abc-d", "-----"})
  void aStreamWithoutTheDelimiterWithinTheMaximumIsRefused(String stream) {
    Delimiter three = delimiter("-+").withMaxMessageBytes(3);

    assertThat(decode(three, bytes(stream)).failure()).contains("must end within 3 bytes");
    assertThat(decodeByteByByte(three, bytes(stream)).refused()).isTrue();
  }

  @Test
  void aDelimiterThatMayHaveBegunWithinTheMaximumIsAwaited() {
    Delimiter three = delimiter("-+").withMaxMessageBytes(3);

    assertThat(decode(three, bytes("abc-")).failure()).isEmpty();
    assertThat(decode(three, bytes("abc-+")).messages()).containsExactly("abc");
  }

  @Test
  void anEmptyDelimiterIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(Framing::delimiter)
        .withMessage("delimiter must have 1 to 16 bytes, but had 0");
  }

  @Test
  void aDelimiterOfMoreThanSixteenBytesIsRefused() {
    assertThat(Framing.delimiter(new byte[16]).maxOverheadBytes()).isEqualTo(16);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Framing.delimiter(new byte[17]))
        .withMessage("delimiter must have 1 to 16 bytes, but had 17");
  }

  @Test
  void theArrayOfTheCallerMayChangeAfterwards() {
    byte[] delimiter = bytes(";");
    Delimiter framing = Framing.delimiter(delimiter);
    delimiter[0] = '!';

    assertThat(text(encode(framing, "a!"))).isEqualTo("a!;");
  }

  @Test
  void doesNotRevealTruncation() {
    assertThat(delimiter(";").revealsTruncation()).isFalse();
  }
}
