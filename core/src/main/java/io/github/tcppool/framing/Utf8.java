package io.github.tcppool.framing;

/**
 * A check of UTF-8 byte by byte, which goes on where it stopped when a message arrives in pieces.
 *
 * <p>A state says which bytes may come next. A {@link java.nio.charset.CharsetDecoder} would need
 * the whole message, and a buffer of chars to throw away.
 */
final class Utf8 {
  /** Between two characters; also where to start. */
  static final int COMPLETE = 0;

  /** Not UTF-8, whatever follows. */
  static final int MALFORMED = -1;

  /** One, two or three continuation bytes are missing, each from 0x80 to 0xBF. */
  private static final int ONE = 1;

  private static final int TWO = 2;
  private static final int THREE = 3;

  /** Behind these lead bytes, some second bytes would make an over-long form, ... */
  private static final int AFTER_E0 = 4;

  private static final int AFTER_F0 = 5;

  /** ... a surrogate, or a number above U+10FFFF. */
  private static final int AFTER_ED = 6;

  private static final int AFTER_F4 = 7;

  private Utf8() {}

  /** The state after one more byte; a caller stops at {@link #MALFORMED}. */
  static int next(int state, byte value) {
    int b = value & 0xFF;
    return switch (state) {
      case COMPLETE -> lead(b);
      case ONE -> within(b, 0x80, 0xBF, COMPLETE);
      case TWO -> within(b, 0x80, 0xBF, ONE);
      case THREE -> within(b, 0x80, 0xBF, TWO);
      case AFTER_E0 -> within(b, 0xA0, 0xBF, ONE);
      case AFTER_ED -> within(b, 0x80, 0x9F, ONE);
      case AFTER_F0 -> within(b, 0x90, 0xBF, TWO);
      case AFTER_F4 -> within(b, 0x80, 0x8F, TWO);
      default -> MALFORMED;
    };
  }

  private static int lead(int b) {
    if (b < 0x80) {
      return COMPLETE;
    }
    // 0xC0 and 0xC1 could only begin over-long forms; 0xF5 and above lie beyond U+10FFFF.
    if (b < 0xC2 || b > 0xF4) {
      return MALFORMED;
    }
    if (b < 0xE0) {
      return ONE;
    }
    return switch (b) {
      case 0xE0 -> AFTER_E0;
      case 0xED -> AFTER_ED;
      case 0xF0 -> AFTER_F0;
      case 0xF4 -> AFTER_F4;
      default -> b < 0xF0 ? TWO : THREE;
    };
  }

  private static int within(int b, int low, int high, int next) {
    return b >= low && b <= high ? next : MALFORMED;
  }
}
