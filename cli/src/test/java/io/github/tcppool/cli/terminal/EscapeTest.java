package io.github.tcppool.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EscapeTest {

  @Test
  void leavesOrdinaryTextAlone() {
    assertThat(Escape.text("Grüße, 世界 \ud83d\ude00 \\ \"'"))
        .isEqualTo("Grüße, 世界 \ud83d\ude00 \\ \"'");
  }

  @Test
  void keepsEverythingOnOneLine() {
    assertThat(Escape.text("a\nb\r\tc\u2028d")).isEqualTo("a\\nb\\r\\tc\\u{2028}d");
  }

  @Test
  void disarmsWhatSteersTerminals() {
    assertThat(Escape.text("\u001b[2J\u0007\u007f\u009b1A")).isEqualTo("\\x1b[2J\\x07\\x7f\\x9b1A");
  }

  @Test
  void showsWhatHidesOrTurnsText() {
    assertThat(Escape.text("\u202egpj.exe\u200b\ud800"))
        .isEqualTo("\\u{202e}gpj.exe\\u{200b}\\u{d800}");
  }

  @Test
  void showsBytesThatAreNoTextAsTheyAre() {
    byte[] bytes = {'a', (byte) 0xff, (byte) 0xc3, 'b', (byte) 0xe2, (byte) 0x82};

    assertThat(Escape.bytes(bytes)).isEqualTo("a\\xff\\xc3b\\xe2\\x82");
    assertThat(Escape.bytes("ü\n".getBytes(UTF_8))).isEqualTo("ü\\n");
    assertThat(Escape.bytes(new byte[0])).isEmpty();
  }
}
