package io.github.tcppool.framing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The formats once more, told as plainly as possible: each looks at the whole rest of a stream at
 * once, as a string with one char per byte, and numbers have no limit.
 */
interface SlowOracle {
  /**
   * The first frame of a stream; without a length it is {@link #INCOMPLETE} or {@link #REFUSED}.
   */
  record Frame(int length, String message) {
    static final Frame INCOMPLETE = new Frame(0, "");
    static final Frame REFUSED = new Frame(-1, "");
  }

  Frame first(String rest);

  /** What a decoder must make of a stream, wherever it is split. */
  default Frames.Decoded decode(String stream) {
    List<String> messages = new ArrayList<>();
    String rest = stream;
    while (true) {
      Frame frame = first(rest);
      if (frame.length() <= 0) {
        return new Frames.Decoded(messages, rest.length(), frame.length() < 0 ? "refused" : "");
      }
      messages.add(frame.message());
      rest = rest.substring(frame.length());
    }
  }

  static SlowOracle lines(int max, boolean strict) {
    return rest -> {
      int end = rest.indexOf('\n');
      String line = end < 0 ? rest : rest.substring(0, end);
      String message = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      boolean bad = strict && (message.matches("(?s).*[\0\r].*") || !utf8(line, end < 0));
      if (message.length() > max || bad || (end >= 0 && message.isEmpty())) {
        return Frame.REFUSED;
      }
      return end < 0 ? Frame.INCOMPLETE : new Frame(end + 1, message);
    };
  }

  /** Whether a text is UTF-8, or, if it goes on, whether it can still become UTF-8. */
  private static boolean utf8(String text, boolean goesOn) {
    // These endings complete whatever character may have begun: all low, or all high.
    String[] endings = {
      "",
      "\u0080",
      "\u00bf",
      "\u0080\u0080",
      "\u00bf\u00bf",
      "\u0080\u0080\u0080",
      "\u00bf\u00bf\u00bf",
    };
    for (String ending : endings) {
      try {
        UTF_8.newDecoder().decode(ByteBuffer.wrap((text + ending).getBytes(ISO_8859_1)));
        return true;
      } catch (CharacterCodingException e) {
        if (!goesOn) {
          return false;
        }
      }
    }
    return false;
  }

  static SlowOracle delimiter(String delimiter, int max) {
    return rest -> {
      int end = rest.indexOf(delimiter);
      if (end >= 0) {
        return end == 0 || end > max
            ? Frame.REFUSED
            : new Frame(end + delimiter.length(), rest.substring(0, end));
      }
      // The delimiter may have begun: then only what stands before it is the message so far.
      int begun = delimiter.length();
      while (!rest.endsWith(delimiter.substring(0, begun))) {
        begun--;
      }
      return rest.length() - begun > max ? Frame.REFUSED : Frame.INCOMPLETE;
    };
  }

  static SlowOracle lengthPrefix(int size, boolean littleEndian, boolean included, int max) {
    return rest -> {
      if (rest.length() < size) {
        return Frame.INCOMPLETE;
      }
      StringBuilder header = new StringBuilder(rest.substring(0, size));
      String bigEndian = (littleEndian ? header.reverse() : header).toString();
      BigInteger value = new BigInteger(1, Frames.bytes(bigEndian));
      return behind(rest, size, value.subtract(BigInteger.valueOf(included ? size : 0)), "", max);
    };
  }

  static SlowOracle varint(int max) {
    return rest -> {
      Matcher length = Pattern.compile("(?s)^[\u0080-\u00ff]*[\0-\u007f]").matcher(rest);
      if (!length.find()) {
        boolean tooLong = rest.matches("(?s)^.{5}.*") && rest.charAt(4) >= 0x10;
        return tooLong ? Frame.REFUSED : Frame.INCOMPLETE;
      }
      String digits = length.group();
      BigInteger value = BigInteger.ZERO;
      for (int i = digits.length() - 1; i >= 0; i--) {
        value = value.shiftLeft(7).or(BigInteger.valueOf(digits.charAt(i) & 0x7F));
      }
      boolean overlong = digits.length() > 1 && digits.endsWith("\0");
      return overlong ? Frame.REFUSED : behind(rest, digits.length(), value, "", max);
    };
  }

  static SlowOracle netstring(int max) {
    return rest -> {
      Matcher length = Pattern.compile("^(0|[1-9][0-9]*):").matcher(rest);
      if (length.find()) {
        return behind(rest, length.end(), new BigInteger(length.group(1)), ",", max);
      }
      boolean digits = rest.matches("0|[1-9][0-9]*");
      boolean tooLong = digits && new BigInteger(rest).compareTo(BigInteger.valueOf(max)) > 0;
      return rest.isEmpty() || (digits && !tooLong) ? Frame.INCOMPLETE : Frame.REFUSED;
    };
  }

  static SlowOracle fixed(int size) {
    return rest ->
        rest.length() < size ? Frame.INCOMPLETE : new Frame(size, rest.substring(0, size));
  }

  private static Frame behind(String rest, int header, BigInteger length, String trailer, int max) {
    if (length.signum() <= 0 || length.compareTo(BigInteger.valueOf(max)) > 0) {
      return Frame.REFUSED;
    }
    int end = header + length.intValue();
    if (rest.length() < end + trailer.length()) {
      return Frame.INCOMPLETE;
    }
    return rest.startsWith(trailer, end)
        ? new Frame(end + trailer.length(), rest.substring(header, end))
        : Frame.REFUSED;
  }
}
