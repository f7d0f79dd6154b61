package io.github.tcppool.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundaryTest {

  @Test
  void linesEndWithALineFeed() {
    assertThat(split(Boundary.lines(), "a\n\nbc\nd")).containsExactly("a\n", "\n", "bc\n");
  }

  @Test
  void aDelimiterThatRepeatsItselfIsFoundInItsOwnTraces() {
    assertThat(split(Boundary.delimiter("aab".getBytes(ISO_8859_1)), "xaaabyaab"))
        .containsExactly("xaaab", "yaab");
  }

  @Test
  void fixedFramesAreCounted() {
    assertThat(split(Boundary.fixed(3), "abcdefgh")).containsExactly("abc", "def");
  }

  @Test
  void lengthPrefixesAreBigEndianAndMayBeZero() {
    assertThat(split(Boundary.lengthPrefix(2), "\0\2ab\0\0\1\0x"))
        .containsExactly("\0\2ab", "\0\0");
  }

  @Test
  void aLengthBeyondAllMeasureIsAFrameWithoutEnd() {
    assertThat(split(Boundary.lengthPrefix(8), "\u00ff".repeat(8) + "rest")).isEmpty();
  }

  @Test
  void rulesThatCannotWorkAreRefused() {
    assertThatThrownBy(() -> Boundary.delimiter(new byte[0])).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> Boundary.fixed(0)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> Boundary.lengthPrefix(9)).hasMessageContaining("had 9");
  }

  /** Splits in one go and byte by byte, which must come to the same. */
  private static List<String> split(Boundary boundary, String stream) {
    List<String> whole = split(boundary.scanner(), stream, stream.length());
    assertThat(split(boundary.scanner(), stream, 1)).isEqualTo(whole);
    assertThat(split(boundary.scanner(), stream, 2)).isEqualTo(whole);
    return whole;
  }

  private static List<String> split(Boundary.Scanner scanner, String stream, int step) {
    byte[] bytes = stream.getBytes(ISO_8859_1);
    List<String> frames = new ArrayList<>();
    int frameStart = 0;
    for (int from = 0; from < bytes.length; from += step) {
      int to = Math.min(bytes.length, from + step);
      int at = from;
      while (at < to) {
        int end = scanner.scan(bytes, at, to);
        if (end >= 0) {
          frames.add(stream.substring(frameStart, end));
          frameStart = end;
        }
        at = end < 0 ? to : end;
      }
    }
    return frames;
  }
}
