package io.github.tcppool.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MaximumTest {
  static Stream<Arguments> framings() {
    return Stream.of(
        framing(Framing.none(), Framing.none()::withMaxMessageBytes),
        framing(Framing.lines(), Framing.lines()::withMaxMessageBytes),
        framing(Framing.delimiter((byte) 0), Framing.delimiter((byte) 0)::withMaxMessageBytes),
        framing(Framing.lengthPrefix(4), Framing.lengthPrefix(4)::withMaxMessageBytes),
        framing(Framing.lengthPrefix(8), Framing.lengthPrefix(8)::withMaxMessageBytes),
        framing(Framing.varint(), Framing.varint()::withMaxMessageBytes),
        framing(Framing.netstring(), Framing.netstring()::withMaxMessageBytes));
  }

  private static Arguments framing(Framing framing, IntFunction<Framing> withMaximum) {
    return arguments(framing, withMaximum);
  }

  @ParameterizedTest
  @MethodSource("framings")
  void aMaximumBelowOneIsRefused(Framing framing, IntFunction<Framing> withMaximum) {
    for (int max : new int[] {0, -1, Integer.MIN_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> withMaximum.apply(max))
          .withMessage("maxMessageBytes must be at least 1, but was " + max);
    }
  }

  @ParameterizedTest
  @MethodSource("framings")
  void aMaximumThatLeavesNoRoomForTheOverheadIsRefused(
      Framing framing, IntFunction<Framing> withMaximum) {
    Framing highest = withMaximum.apply(Integer.MAX_VALUE - 64);

    assertThat(highest.maxMessageBytes() + highest.maxOverheadBytes()).isPositive();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withMaximum.apply(Integer.MAX_VALUE - 63))
        .withMessage("maxMessageBytes must be at most 2147483583, but was 2147483584");
  }

  @ParameterizedTest
  @MethodSource("framings")
  void settingAMaximumLeavesTheFramingItCameFromAsItWas(
      Framing framing, IntFunction<Framing> withMaximum) {
    int before = framing.maxMessageBytes();

    assertThat(withMaximum.apply(7).maxMessageBytes()).isEqualTo(7);
    assertThat(withMaximum.apply(7)).hasSameClassAs(framing);
    assertThat(framing.maxMessageBytes()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("framings")
  void theMaximumIsOneMebibyteUnlessSetAndShownByToString(
      Framing framing, IntFunction<Framing> withMaximum) {
    int expected = framing instanceof None ? 64 << 20 : 1 << 20;

    assertThat(framing.maxMessageBytes()).isEqualTo(expected);
    assertThat(framing.toString()).endsWith("at most " + expected + " bytes");
  }
}
