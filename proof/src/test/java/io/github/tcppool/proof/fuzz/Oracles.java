package io.github.tcppool.proof.fuzz;

import io.github.tcppool.proof.fuzz.Oracle.Frame;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The formats, one by one; numbers have no limit here, and nothing is remembered. */
final class Oracles {

  /** They complete whatever character may have begun, with low and with high bytes. */
  private static final byte[][] ENDINGS = {
    {}, {-128}, {-65}, {-128, -128}, {-65, -65}, {-128, -128, -128}, {-65, -65, -65}
  };

  private Oracles() {}

  static Oracle lines(int max, boolean strict) {
    return rest -> {
      int end = indexOf(rest, new byte[] {'\n'});
      byte[] line = end < 0 ? rest : Arrays.copyOf(rest, end);
      boolean cr = line.length > 0 && line[line.length - 1] == '\r';
      int payload = line.length - (cr ? 1 : 0);
      boolean bad = strict && (hasControl(line, payload) || !isUtf8(line, end < 0));
      if (payload > max || bad || (end >= 0 && payload == 0)) {
        return Frame.REFUSED;
      }
      return end < 0 ? Frame.INCOMPLETE : new Frame(end + 1, 0, payload);
    };
  }

  private static boolean hasControl(byte[] line, int length) {
    for (int i = 0; i < length; i++) {
      if (line[i] == 0 || line[i] == '\r') {
        return true;
      }
    }
    return false;
  }

  private static boolean isUtf8(byte[] text, boolean goesOn) {
    for (byte[] ending : ENDINGS) {
      byte[] whole = Arrays.copyOf(text, text.length + ending.length);
      System.arraycopy(ending, 0, whole, text.length, ending.length);
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(whole));
        return true;
      } catch (CharacterCodingException e) {
        if (!goesOn) {
          return false;
        }
      }
    }
    return false;
  }

  static Oracle delimiter(byte[] mark, int max) {
    return rest -> {
      int end = indexOf(rest, mark);
      if (end >= 0) {
        return end == 0 || end > max ? Frame.REFUSED : new Frame(end + mark.length, 0, end);
      }
      int begun = Math.min(mark.length, rest.length);
      while (!endsWith(rest, Arrays.copyOf(mark, begun))) {
        begun--;
      }
      return rest.length - begun > max ? Frame.REFUSED : Frame.INCOMPLETE;
    };
  }

  static Oracle lengthPrefix(int size, boolean littleEndian, boolean included, int max) {
    return rest -> {
      if (rest.length < size) {
        return Frame.INCOMPLETE;
      }
      BigInteger value = BigInteger.ZERO;
      for (int i = 0; i < size; i++) {
        int b = rest[littleEndian ? size - 1 - i : i] & 0xFF;
        value = value.shiftLeft(8).add(BigInteger.valueOf(b));
      }
      return behind(rest, size, value.subtract(BigInteger.valueOf(included ? size : 0)), max, "");
    };
  }

  static Oracle varint(int max) {
    return rest -> {
      int last = 0;
      while (last < rest.length && rest[last] < 0) {
        last++;
      }
      if (rest.length >= 5 && last >= 4 && (rest[4] & 0xFF) > 0x0F) {
        return Frame.REFUSED;
      }
      if (last == rest.length) {
        return Frame.INCOMPLETE;
      }
      BigInteger value = BigInteger.ZERO;
      for (int i = last; i >= 0; i--) {
        value = value.shiftLeft(7).add(BigInteger.valueOf(rest[i] & 0x7F));
      }
      boolean overlong = last > 0 && rest[last] == 0;
      return overlong ? Frame.REFUSED : behind(rest, last + 1, value, max, "");
    };
  }

  static Oracle netstring(int max) {
    return rest -> {
      int colon = indexOf(rest, new byte[] {':'});
      String digits = text(rest, colon < 0 ? rest.length : colon);
      boolean number = digits.matches("0|[1-9][0-9]*");
      if (!number) {
        return Frame.REFUSED;
      }
      BigInteger value = new BigInteger(digits);
      if (colon < 0) {
        boolean tooLong = value.compareTo(BigInteger.valueOf(max)) > 0;
        return tooLong ? Frame.REFUSED : Frame.INCOMPLETE;
      }
      return behind(rest, colon + 1, value, max, ",");
    };
  }

  static Oracle fixed(int size) {
    return rest -> rest.length < size ? Frame.INCOMPLETE : new Frame(size, 0, size);
  }

  private static Frame behind(byte[] rest, int header, BigInteger length, int max, String trailer) {
    if (length.signum() <= 0 || length.compareTo(BigInteger.valueOf(max)) > 0) {
      return Frame.REFUSED;
    }
    long end = (long) header + length.intValueExact();
    if (rest.length < end + trailer.length()) {
      return Frame.INCOMPLETE;
    }
    int to = (int) end;
    boolean ended = trailer.isEmpty() || rest[to] == trailer.charAt(0);
    return ended ? new Frame(to + trailer.length(), header, to) : Frame.REFUSED;
  }

  private static String text(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean endsWith(byte[] bytes, byte[] end) {
    return end.length <= bytes.length
        && Arrays.equals(bytes, bytes.length - end.length, bytes.length, end, 0, end.length);
  }
}
