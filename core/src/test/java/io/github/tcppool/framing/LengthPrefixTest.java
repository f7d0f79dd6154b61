package io.github.tcppool.framing;

import static io.github.tcppool.framing.Frames.bytes;
import static io.github.tcppool.framing.Frames.decode;
import static io.github.tcppool.framing.Frames.decodeByteByByte;
import static io.github.tcppool.framing.Frames.encode;
import static io.github.tcppool.framing.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LengthPrefixTest extends MessageContract {
  @Override
  Framing framing(int maxMessageBytes) {
    return Framing.lengthPrefix(4).withMaxMessageBytes(maxMessageBytes);
  }

  @Nested
  class OfFourBytesThatIncludesItself extends MessageContract {
    @Override
    Framing framing(int maxMessageBytes) {
      return Framing.lengthPrefix(4).lengthIncludesHeader().withMaxMessageBytes(maxMessageBytes);
    }
  }

  @Nested
  class OfEightBytesLittleEndian extends MessageContract {
    @Override
    Framing framing(int maxMessageBytes) {
      return Framing.lengthPrefix(8).littleEndian().withMaxMessageBytes(maxMessageBytes);
    }
  }

  private static String hex(LengthPrefix framing, String message) {
    return HexFormat.of().formatHex(encode(framing, message));
  }

  private static Frames.Decoded read(LengthPrefix framing, String hex) {
    byte[] stream = HexFormat.of().parseHex(hex);
    assertThat(decodeByteByByte(framing, stream)).isEqualTo(decode(framing, stream));
    return decode(framing, stream);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0261 62, 0261 62, 0361 62",
    "2, 0002 6162, 0200 6162, 0004 6162",
    "4, 00000002 6162, 02000000 6162, 00000006 6162",
    "8, 0000000000000002 6162, 0200000000000000 6162, 000000000000000a 6162",
  })
  void writesTheLengthInTheSizeAndOrderAsked(int size, String big, String little, String included) {
    LengthPrefix framing = Framing.lengthPrefix(size);

    assertThat(hex(framing, "ab")).isEqualTo(big.replace(" ", ""));
    assertThat(hex(framing.littleEndian(), "ab")).isEqualTo(little.replace(" ", ""));
    assertThat(hex(framing.lengthIncludesHeader(), "ab")).isEqualTo(included.replace(" ", ""));
  }

  @ParameterizedTest
  @CsvSource({"1, 255, 254", "2, 65535, 65533"})
  void carriesAsMuchAsAShortLengthCanSayAndNoMore(int size, int most, int mostIfIncluded) {
    LengthPrefix framing = Framing.lengthPrefix(size);
    LengthPrefix included = framing.lengthIncludesHeader();

    assertThat(framing.maxMessageBytes()).isEqualTo(most);
    assertThat(included.maxMessageBytes()).isEqualTo(mostIfIncluded);
    assertThat(included.lengthIncludesHeader().maxMessageBytes()).isEqualTo(mostIfIncluded);
    for (LengthPrefix each : new LengthPrefix[] {framing, included, included.littleEndian()}) {
      int max = each.maxMessageBytes();
      assertThat(decode(each, encode(each, message(max))).messages()).containsExactly(message(max));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> encode(each, message(max + 1)))
          .withMessage("message must be at most %s bytes, but was %s", max, max + 1);
    }
  }

  @Test
  void aMaximumThatTheLengthCannotSayIsRefused() {
    LengthPrefix two = Framing.lengthPrefix(2);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> two.withMaxMessageBytes(65_536))
        .withMessage("maxMessageBytes must be at most 65535, but was 65536");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> two.lengthIncludesHeader().withMaxMessageBytes(65_534))
        .withMessage("maxMessageBytes must be at most 65533, but was 65534");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> two.withMaxMessageBytes(65_534).lengthIncludesHeader())
        .withMessage("maxMessageBytes must be at most 65533, but was 65534");
    assertThat(two.withMaxMessageBytes(65_533).lengthIncludesHeader().maxMessageBytes())
        .isEqualTo(65_533);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 3, 5, 7, 9, 16})
  void aLengthOfAnyOtherSizeIsRefused(int size) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Framing.lengthPrefix(size))
        .withMessage("lengthBytes must be 1, 2, 4 or 8, but was " + size);
  }

  @ParameterizedTest
  @CsvSource({"1, 05", "2, 0005", "4, 00000005", "8, 0000000000000005"})
  void aLengthAboveTheMaximumIsRefusedBeforeItsBytesArrive(int size, String header) {
    assertThat(read(Framing.lengthPrefix(size).withMaxMessageBytes(4), header).failure())
        .isEqualTo("announced length must be at most 4 bytes, but was 5");
  }

  @ParameterizedTest
  @CsvSource({"80000000, 2147483648", "ffffffff, 4294967295", "80000001, 2147483649"})
  void aLengthOfFourBytesWithItsHighestBitSetIsReadUnsignedAndRefused(String header, String value) {
    LengthPrefix framing = Framing.lengthPrefix(4).withMaxMessageBytes(Limits.HIGHEST_MAXIMUM);

    assertThat(read(framing, header + "61").failure()).endsWith("but was " + value);
    assertThat(read(framing.lengthIncludesHeader(), header + "61").refused()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8000000000000000", "ffffffffffffffff", "ffffffff00000001"})
  void aNegativeLengthOfEightBytesIsRefused(String header) {
    LengthPrefix framing = Framing.lengthPrefix(8);

    assertThat(read(framing, header + "61").failure()).contains("must not be negative");
    assertThat(read(framing.lengthIncludesHeader(), header + "61").failure())
        .contains("must not be negative");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000000100000001", "7fffffffffffffff", "0000000080000001"})
  void aLengthOfEightBytesIsComparedBeforeItIsCutToAnInt(String header) {
    LengthPrefix framing = Framing.lengthPrefix(8).withMaxMessageBytes(Limits.HIGHEST_MAXIMUM);

    assertThat(read(framing, header + "61").failure()).contains("must be at most 2147483583 bytes");
    assertThat(read(framing.lengthIncludesHeader(), header + "61").refused()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1, 00", "2, 0001", "4, 00000003", "8, 0000000000000007"})
  void aLengthShorterThanTheHeaderThatItIncludesIsRefused(int size, String header) {
    assertThat(read(Framing.lengthPrefix(size).lengthIncludesHeader(), header).failure())
        .contains("must be at least " + size + " since it includes its own bytes");
  }

  @Test
  void theHighestMaximumAndItsHeaderDoNotOverflow() {
    LengthPrefix framing = Framing.lengthPrefix(8).withMaxMessageBytes(Limits.HIGHEST_MAXIMUM);

    assertThat(read(framing, "000000007fffffbf61").failure()).isEmpty();
    assertThat(read(framing.lengthIncludesHeader(), "000000007fffffc761").failure()).isEmpty();
    assertThat(read(framing.lengthIncludesHeader(), "000000007fffffc861").refused()).isTrue();
  }

  @Test
  void anyBytesMayStandInAMessage() {
    LengthPrefix framing = Framing.lengthPrefix(2);

    assertThat(text(encode(framing, "\n\0\u00ff"))).isEqualTo("\0\3\n\0\u00ff");
    assertThat(decode(framing, bytes("\0\3\n\0\u00ff")).messages()).containsExactly("\n\0\u00ff");
  }

  @Test
  void revealsTruncation() {
    assertThat(Framing.lengthPrefix(4).revealsTruncation()).isTrue();
  }
}
