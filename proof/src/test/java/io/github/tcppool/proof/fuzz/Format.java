package io.github.tcppool.proof.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.tcppool.framing.Framing;
import io.github.tcppool.framing.Lines;
import java.util.List;

/** A framing, and an oracle that knows it by another way. */
record Format(Framing framing, Oracle oracle) {

  private static final int MAX = 12;

  /** One of each kind, with maxima that short inputs reach; new ones go to the end. */
  static final List<Format> ALL =
      List.of(
          lines(false),
          lines(true),
          delimiter(";"),
          delimiter("--"),
          delimiter("aabaac"),
          lengthPrefix(1, false, false),
          lengthPrefix(2, true, false),
          lengthPrefix(2, false, true),
          lengthPrefix(4, false, false),
          lengthPrefix(4, true, true),
          lengthPrefix(8, false, false),
          lengthPrefix(8, true, true),
          varint(MAX),
          varint(Integer.MAX_VALUE - 64),
          netstring(MAX),
          netstring(Integer.MAX_VALUE - 64),
          new Format(Framing.fixed(3), Oracles.fixed(3)));

  /** The one that a byte chooses. */
  static Format chosenBy(byte choice) {
    return ALL.get((choice & 0xFF) % ALL.size());
  }

  private static Format lines(boolean strict) {
    Lines lines = Framing.lines().withMaxMessageBytes(MAX);
    return new Format(
        strict ? lines.withUtf8Check().withoutNulOrBareCr() : lines, Oracles.lines(MAX, strict));
  }

  private static Format delimiter(String mark) {
    byte[] bytes = mark.getBytes(ISO_8859_1);
    return new Format(
        Framing.delimiter(bytes).withMaxMessageBytes(MAX), Oracles.delimiter(bytes, MAX));
  }

  private static Format lengthPrefix(int size, boolean littleEndian, boolean included) {
    var framing = Framing.lengthPrefix(size).withMaxMessageBytes(MAX);
    framing = littleEndian ? framing.littleEndian() : framing;
    return new Format(
        included ? framing.lengthIncludesHeader() : framing,
        Oracles.lengthPrefix(size, littleEndian, included, MAX));
  }

  private static Format varint(int max) {
    return new Format(Framing.varint().withMaxMessageBytes(max), Oracles.varint(max));
  }

  private static Format netstring(int max) {
    return new Format(Framing.netstring().withMaxMessageBytes(max), Oracles.netstring(max));
  }
}
