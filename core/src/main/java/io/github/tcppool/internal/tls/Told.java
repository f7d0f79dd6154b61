package io.github.tcppool.internal.tls;

/** Text from a peer, made fit for a log, a message or a terminal. */
public final class Told {

  /** More than this of any one text is of no use to a reader. */
  static final int MOST_CHARS = 200;

  private Told() {}

  /** The text, cut, with a question mark for every character that could forge a line. */
  public static String shown(String text) {
    return shown(text, MOST_CHARS);
  }

  /** As {@link #shown(String)}, cut after so many characters. */
  static String shown(String text, int mostChars) {
    String cut = text.length() > mostChars ? text.substring(0, mostChars) + "..." : text;
    StringBuilder safe = new StringBuilder(cut.length());
    cut.codePoints().map(c -> isPlain(c) ? c : '?').forEach(safe::appendCodePoint);
    return safe.toString();
  }

  /** Neither control characters, nor what turns the direction of the text around, nor line ends. */
  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
