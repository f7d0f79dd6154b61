package io.github.tcppool.framing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import org.junit.jupiter.api.Test;

class Utf8Test {
  /** Both ends of every range in which a byte may lie, and their neighbours. */
  private static final int[] EDGES = {
    0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xF4, 0xFF,
  };

  private final CharsetDecoder decoder = UTF_8.newDecoder();
  private final CharBuffer chars = CharBuffer.allocate(8);

  @Test
  void agreesWithTheJdkAboutEverySequenceOfTwoBytes() {
    for (int i = 0; i <= 0xFFFF; i++) {
      assertSame((byte) (i >> 8), (byte) i);
    }
  }

  @Test
  void agreesWithTheJdkAboutSequencesOfThreeAndFourBytes() {
    for (int lead = 0xC0; lead <= 0xFF; lead++) {
      for (int second = 0; second <= 0xFF; second++) {
        for (int third : EDGES) {
          assertSame((byte) lead, (byte) second, (byte) third);
          for (int fourth : EDGES) {
            assertSame((byte) lead, (byte) second, (byte) third, (byte) fourth);
          }
        }
      }
    }
  }

  @Test
  void takesEveryCharacterThereIs() {
    for (int character = 0; character <= Character.MAX_CODE_POINT; character++) {
      boolean surrogate = character >= 0xD800 && character <= 0xDFFF;
      if (!surrogate && !isWellFormed(Character.toString(character).getBytes(UTF_8))) {
        throw new AssertionError(Integer.toHexString(character));
      }
    }
  }

  @Test
  void staysMalformedOnceItIs() {
    assertThat(Utf8.next(Utf8.MALFORMED, (byte) 'a')).isEqualTo(Utf8.MALFORMED);
  }

  private void assertSame(byte... bytes) {
    decoder.reset();
    chars.clear();
    boolean expected = !decoder.decode(ByteBuffer.wrap(bytes), chars, true).isError();
    // Half a million comparisons: an assertion object for each would take most of the time.
    if (isWellFormed(bytes) != expected) {
      assertThat(isWellFormed(bytes)).as("%s", new Object[] {bytes}).isEqualTo(expected);
    }
  }

  private static boolean isWellFormed(byte... bytes) {
    int state = Utf8.COMPLETE;
    for (byte b : bytes) {
      state = Utf8.next(state, b);
    }
    return state == Utf8.COMPLETE;
  }
}
