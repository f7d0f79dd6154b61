package io.github.tcppool.framing;

import static io.github.tcppool.framing.Frames.decode;
import static io.github.tcppool.framing.Frames.decodeByteByByte;
import static io.github.tcppool.framing.Frames.encode;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VarintTest extends MessageContract {
  private final Varint highest = Framing.varint().withMaxMessageBytes(Limits.HIGHEST_MAXIMUM);

  @Override
  Framing framing(int maxMessageBytes) {
    return Framing.varint().withMaxMessageBytes(maxMessageBytes);
  }

  private static Frames.Decoded read(Varint framing, String hex) {
    byte[] stream = HexFormat.of().parseHex(hex);
    assertThat(decodeByteByByte(framing, stream)).isEqualTo(decode(framing, stream));
    return decode(framing, stream);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 01",
    "127, 7f",
    "128, 8001",
    "300, ac02",
    "16383, ff7f",
    "16384, 808001",
    "2097151, ffff7f",
    "2097152, 80808001",
    "268435455, ffffff7f",
    "268435456, 8080808001",
    "2147483583, bfffffff07",
  })
  void writesTheLengthAsProtocolBuffersDo(int length, String header) {
    ByteBuffer out = ByteBuffer.allocate(5);
    highest.putHeader(new byte[0], 0, length, out);

    assertThat(HexFormat.of().formatHex(out.array(), 0, out.position())).isEqualTo(header);
    assertThat(highest.withMaxMessageBytes(length).maxOverheadBytes()).isEqualTo(out.position());
    assertThat(read(highest, header).failure()).isEmpty();
  }

  @Test
  void messagesOnBothSidesOfEachLengthOfTheHeaderComeBack() {
    for (int size : new int[] {127, 128, 16_383, 16_384}) {
      assertThat(decode(highest, encode(highest, message(size), "a")).messages())
          .containsExactly(message(size), "a");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"8080808080", "ffffffffff", "808080808001", "8080808010", "ffffffff1f"})
  void aLengthOfMoreThanThirtyTwoBitsIsRefusedAtItsFifthByte(String header) {
    assertThat(read(highest, header).failure()).contains("must fit in 32 bits");
    assertThat(read(highest, header.substring(0, 8)).failure()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"8080808008, 2147483648", "ffffffff0f, 4294967295"})
  void aLengthThatWouldBeNegativeAsAnIntIsRefused(String header, String value) {
    assertThat(read(highest, header).failure()).endsWith("but was " + value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8000", "8100", "ff00", "808000", "80808000", "8080808000"})
  void aLongerFormThanNecessaryIsRefused(String header) {
    assertThat(read(highest.allowEmpty(), header).failure())
        .contains("must have its shortest form");
  }

  @Test
  void aLengthAboveTheMaximumIsRefusedBeforeItsBytesArrive() {
    assertThat(read(Framing.varint().withMaxMessageBytes(299), "ac02").failure())
        .isEqualTo("announced length must be at most 299 bytes, but was 300");
  }

  @Test
  void revealsTruncation() {
    assertThat(Framing.varint().revealsTruncation()).isTrue();
  }
}
