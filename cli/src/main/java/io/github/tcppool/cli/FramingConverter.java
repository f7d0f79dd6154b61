package io.github.tcppool.cli;

import io.github.tcppool.framing.Framing;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads the name of a framing, with its argument behind a colon. Empty messages are allowed: an
 * empty line in a file is a line.
 */
final class FramingConverter implements ITypeConverter<Framing> {
  /** What may be given, for help texts. */
  static final String CHOICES =
      "lines, none, delimiter:TEXT (with \\r \\n \\t \\0 \\xHH), length:1|2|4|8, varint, "
          + "fixed:BYTES, netstring";

  @Override
  public Framing convert(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String argument = colon < 0 ? "" : text.substring(colon + 1);
    try {
      return framing(text, name, argument);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "framing \"" + text + "\" is not possible: " + e.getMessage());
    }
  }

  private static Framing framing(String text, String name, String argument) {
    return switch (name) {
      case "delimiter" -> Framing.delimiter(unescape(argument)).allowEmpty();
      case "length" -> Framing.lengthPrefix(number(argument)).allowEmpty();
      case "fixed" -> Framing.fixed(number(argument));
      default -> plain(text);
    };
  }

  private static Framing plain(String text) {
    return switch (text) {
      case "lines" -> Framing.lines().allowEmpty();
      case "none" -> Framing.none();
      case "varint" -> Framing.varint().allowEmpty();
      case "netstring" -> Framing.netstring().allowEmpty();
      default ->
          throw new TypeConversionException(
              "a framing must be one of " + CHOICES + ", but was \"" + text + "\"");
    };
  }

  private static int number(String argument) {
    try {
      return Integer.parseInt(argument);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "a number must follow the colon, but it was \"" + argument + "\"", e);
    }
  }

  private static byte[] unescape(String text) {
    StringBuilder bytes = new StringBuilder();
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] != '\\') {
        bytes.append((char) (raw[i] & 0xff));
      } else {
        i += appendEscaped(raw, i + 1, bytes);
      }
    }
    return bytes.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Appends what stands behind a backslash; returns how many bytes that were. */
  private static int appendEscaped(byte[] raw, int at, StringBuilder bytes) {
    int letter = at < raw.length ? raw[at] : -1;
    switch (letter) {
      case 'r' -> bytes.append('\r');
      case 'n' -> bytes.append('\n');
      case 't' -> bytes.append('\t');
      case '0' -> bytes.append('\0');
      case '\\' -> bytes.append('\\');
      case 'x' -> {
        bytes.append((char) hex(raw, at + 1));
        return 3;
      }
      default ->
          throw new IllegalArgumentException("a backslash must stand before r, n, t, 0, x or \\");
    }
    return 1;
  }

  private static int hex(byte[] raw, int at) {
    int high = at < raw.length ? Character.digit(raw[at], 16) : -1;
    int low = at + 1 < raw.length ? Character.digit(raw[at + 1], 16) : -1;
    if (high < 0 || low < 0) {
      throw new IllegalArgumentException("two hexadecimal digits must follow \\x");
    }
    return high * 16 + low;
  }
}
