package io.github.tcppool.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.framing.Framing;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {

  @ParameterizedTest
  @CsvSource({"500ms, 500", "2s, 2000", "1m, 60000", "1h, 3600000", "1m30s, 90000", "0, 0"})
  void readsTimes(String text, long millis) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "-1s", "1 s", "1d", "s", "99999h", "1s\u001b"})
  void refusesWhatIsNoTime(String text) {
    assertThatThrownBy(() -> new DurationConverter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("a time must")
        .hasMessageContaining("\"" + text + "\"");
  }

  @ParameterizedTest
  @CsvSource({"4, 4, 4", "2:10, 2, 10", "0:1, 0, 1"})
  void readsRangesOfConnections(String text, int min, int max) {
    assertThat(new ConnectionRange.Converter().convert(text))
        .isEqualTo(new ConnectionRange(min, max));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "1:", ":1", "-1", "a", "1:2:3", "12345678"})
  void refusesWhatIsNoRangeOfConnections(String text) {
    assertThatThrownBy(() -> new ConnectionRange.Converter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("connections must be a number or MIN:MAX, but was \"" + text + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "lines, 'ab\n'",
    "none, ab",
    "delimiter:|, ab|",
    "'delimiter:\\x1c\\r', 'ab\u001c\r'",
    "length:2, '\0\u0002ab'",
    "varint, '\u0002ab'",
    "fixed:2, ab",
    "netstring, '2:ab,'"
  })
  void readsFramings(String text, String frame) {
    Framing framing = new FramingConverter().convert(text);

    byte[] bytes = InputArguments.frame(framing, "ab".getBytes(ISO_8859_1));

    assertThat(new String(bytes, ISO_8859_1)).isEqualTo(frame);
  }

  @Test
  void readsEscapesInDelimiters() {
    Framing framing = new FramingConverter().convert("delimiter:\\r\\n\\t\\0\\\\\\xfF");

    assertThat(InputArguments.frame(framing, new byte[0]))
        .containsExactly('\r', '\n', '\t', 0, '\\', 0xff);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "line",
        "length",
        "length:",
        "length:3",
        "fixed:0",
        "fixed:x",
        "delimiter:",
        "delimiter:\\q",
        "delimiter:\\x1",
        "delimiter:\\",
        "lines:5"
      })
  void refusesWhatIsNoFraming(String text) {
    assertThatThrownBy(() -> new FramingConverter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("\"" + text + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"round-robin", "random", "least-loaded", "fastest", "weighted", "failover"})
  void readsBalancers(String text) {
    assertThat(new BalancerConverter().convert(text)).isNotNull();
  }
}
