package io.github.tcppool.cli.terminal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Makes text from elsewhere safe to show: whatever could steer a terminal or hide text is written
 * as an escape.
 *
 * <p>That is control characters (C0, DEL and C1), characters that turn the direction of writing or
 * are invisible, and bytes that are no UTF-8. The result is always one line.
 */
public final class Escape {
  private Escape() {}

  /** The text with everything dangerous escaped. */
  public static String text(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(safe, c));
    return safe.toString();
  }

  /** Bytes as UTF-8 text, with everything dangerous or malformed escaped. */
  public static String bytes(byte[] bytes) {
    StringBuilder safe = new StringBuilder(bytes.length);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      out.flip();
      out.codePoints().forEach(c -> append(safe, c));
      out.clear();
      if (!result.isError()) {
        return safe.toString();
      }
      for (int i = 0; i < result.length(); i++) {
        safe.append(String.format("\\x%02x", in.get()));
      }
      decoder.reset();
    }
  }

  private static void append(StringBuilder safe, int c) {
    switch (c) {
      case '\n' -> safe.append("\\n");
      case '\r' -> safe.append("\\r");
      case '\t' -> safe.append("\\t");
      default -> {
        if (!isDangerous(c)) {
          safe.appendCodePoint(c);
        } else if (c <= 0xff) {
          safe.append(String.format("\\x%02x", c));
        } else {
          safe.append(String.format("\\u{%x}", c));
        }
      }
    }
  }

  private static boolean isDangerous(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
