package io.github.tcppool.testkit;

/** The scanners behind {@link Boundary}'s own rules; each looks at every byte once. */
final class Scanners {
  private Scanners() {}

  /** Looks for a delimiter, also across chunks, by the failure table of Knuth, Morris and Pratt. */
  static final class Delimiter implements Boundary.Scanner {
    private final byte[] delimiter;
    private final int[] fallback;
    private int matched;

    Delimiter(byte[] delimiter) {
      this.delimiter = delimiter;
      this.fallback = new int[delimiter.length];
      int length = 0;
      for (int i = 1; i < delimiter.length; i++) {
        length = extend(length, delimiter[i]);
        fallback[i] = length;
      }
    }

    private int extend(int length, byte next) {
      int candidate = length;
      while (candidate > 0 && delimiter[candidate] != next) {
        candidate = fallback[candidate - 1];
      }
      return delimiter[candidate] == next ? candidate + 1 : 0;
    }

    @Override
    public int scan(byte[] bytes, int from, int to) {
      for (int i = from; i < to; i++) {
        matched = extend(matched, bytes[i]);
        if (matched == delimiter.length) {
          matched = 0;
          return i + 1;
        }
      }
      return -1;
    }
  }

  /** Counts a frame's bytes, whose number is fixed or stands in a header before them. */
  static final class Counted implements Boundary.Scanner {
    private final int headerBytes;
    private final long fixedBytes;
    private int headerLeft;
    private long bodyLeft;

    Counted(int headerBytes, long fixedBytes) {
      this.headerBytes = headerBytes;
      this.fixedBytes = fixedBytes;
      startFrame();
    }

    private void startFrame() {
      headerLeft = headerBytes;
      bodyLeft = fixedBytes;
    }

    @Override
    public int scan(byte[] bytes, int from, int to) {
      int at = from;
      while (headerLeft > 0) {
        if (at == to) {
          return -1;
        }
        bodyLeft = (bodyLeft << 8) | (bytes[at] & 0xFF);
        at++;
        headerLeft--;
      }
      // A length beyond 2^63 is a frame without an end, like any other that is too long to come.
      if (Long.compareUnsigned(bodyLeft, to - at) > 0) {
        bodyLeft -= to - at;
        return -1;
      }
      at += (int) bodyLeft;
      startFrame();
      return at;
    }
  }
}
