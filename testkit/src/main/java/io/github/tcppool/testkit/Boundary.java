package io.github.tcppool.testkit;

/**
 * The rule by which a peer tells where one frame ends and the next begins.
 *
 * <p>A peer counts frames and can act on them ("reset after the third"). It never refuses bytes: a
 * rule only counts. Implementations are immutable; the state of a connection is in its {@link
 * Scanner}.
 */
@FunctionalInterface
public interface Boundary {

  /** Starts the scan of one connection's bytes. */
  Scanner scanner();

  /** The position of one connection in its stream of frames; used by one thread at a time. */
  @FunctionalInterface
  interface Scanner {
    /**
     * Takes the next bytes of the stream, up to the end of the current frame.
     *
     * @return the index just after the frame's last byte, or -1 if all bytes up to {@code to}
     *     belong to a frame that goes on
     */
    int scan(byte[] bytes, int from, int to);
  }

  /** Frames that end with a line feed. */
  static Boundary lines() {
    return delimiter(new byte[] {'\n'});
  }

  /** Frames that end with the given bytes, which must not be empty. */
  static Boundary delimiter(byte[] delimiter) {
    if (delimiter.length == 0) {
      throw new IllegalArgumentException("a delimiter must have at least 1 byte, but was empty");
    }
    byte[] copy = delimiter.clone();
    return () -> new Scanners.Delimiter(copy);
  }

  /** Frames of exactly {@code bytes} bytes, at least 1. */
  static Boundary fixed(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a frame must have at least 1 byte, but was " + bytes);
    }
    return () -> new Scanners.Counted(0, bytes);
  }

  /**
   * Frames that begin with the length of what follows, big-endian.
   *
   * @param headerBytes the size of the length itself: 1 to 8
   */
  static Boundary lengthPrefix(int headerBytes) {
    if (headerBytes < 1 || headerBytes > 8) {
      throw new IllegalArgumentException(
          "a length prefix must have 1 to 8 bytes, but had " + headerBytes);
    }
    return () -> new Scanners.Counted(headerBytes, 0);
  }
}
