package io.github.tcppool.framing;

import static io.github.tcppool.framing.Frames.bytes;
import static io.github.tcppool.framing.Frames.decode;
import static io.github.tcppool.framing.Frames.decodeByteByByte;
import static io.github.tcppool.framing.Frames.encode;
import static io.github.tcppool.framing.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetstringTest extends MessageContract {
  private final Netstring highest = Framing.netstring().withMaxMessageBytes(Limits.HIGHEST_MAXIMUM);

  @Override
  Framing framing(int maxMessageBytes) {
    return Framing.netstring().withMaxMessageBytes(maxMessageBytes);
  }

  private static Frames.Decoded read(Netstring framing, String stream) {
    assertThat(decodeByteByByte(framing, bytes(stream))).isEqualTo(decode(framing, bytes(stream)));
    return decode(framing, bytes(stream));
  }

  @Test
  void writesLengthColonMessageComma() {
    assertThat(text(encode(Framing.netstring(), "hello", "hello world!")))
        .isEqualTo("5:hello,12:hello world!,");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 10, 99, 100, 101, 909, 999_999_999, 1_000_000_000, 2_147_483_583})
  void writesTheLengthInDecimalDigits(int length) {
    ByteBuffer out = ByteBuffer.allocate(11);
    highest.putHeader(new byte[0], 0, length, out);
    String header = text(out.array()).substring(0, out.position());

    assertThat(header).isEqualTo(length + ":");
    assertThat(highest.withMaxMessageBytes(length).maxOverheadBytes())
        .isEqualTo(header.length() + 1);
    assertThat(read(highest, header).failure()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"01:", "00:", "0005:hello,"})
  void aLeadingZeroIsRefused(String stream) {
    assertThat(read(Framing.netstring().allowEmpty(), stream).failure()).contains("leading zero");
  }

  @ParameterizedTest
  @ValueSource(strings = {":", ":a,", "a:", "-1:", "+1:", " 1:a,", "5;hello,", "1\n:", "1 :"})
  void aLengthThatIsNotDigitsAndAColonIsRefused(String stream) {
    assertThat(read(highest, stream).failure()).contains("must be digits and a colon");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2147483584:", "9999999999:", "99999999999999999999999:", "4294967297:a,"})
  void aLengthOfTooManyDigitsIsRefusedBeforeItOverflows(String stream) {
    assertThat(read(highest, stream).failure()).contains("must be at most 2147483583 bytes");
  }

  @Test
  void aLengthAboveTheMaximumIsRefusedAtTheDigitThatSaysSo() {
    assertThat(read(Framing.netstring().withMaxMessageBytes(12), "13").failure())
        .isEqualTo("announced length must be at most 12 bytes, but begins with 13");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1:ab", "5:hello;", "5:hello!,"})
  void aMessageThatNoCommaFollowsIsRefused(String stream) {
    assertThat(read(highest, stream).failure()).contains("must be followed by a comma");
  }

  @Test
  void commasAndColonsMayStandInAMessage() {
    assertThat(read(highest, "2:a,,2:1:,").messages()).containsExactly("a,", "1:");
  }

  @Test
  void revealsTruncation() {
    assertThat(Framing.netstring().revealsTruncation()).isTrue();
  }
}
