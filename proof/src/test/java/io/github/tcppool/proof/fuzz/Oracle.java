package io.github.tcppool.proof.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a whole stream means, told slowly and plainly: it is all there, and may be looked at as
 * often as one likes.
 */
@FunctionalInterface
interface Oracle {

  /** The first frame of a stream: its length and its payload; or that there is none. */
  record Frame(int length, int payloadFrom, int payloadTo) {
    static final Frame INCOMPLETE = new Frame(0, 0, 0);
    static final Frame REFUSED = new Frame(-1, 0, 0);
  }

  /** The messages of a stream, how many bytes were left over, and whether the rest was refused. */
  record Decoded(List<List<Byte>> messages, int unread, boolean refused) {}

  /** The first frame among these bytes, of which there is at least one. */
  Frame first(byte[] rest);

  /** All of a stream. */
  default Decoded decode(byte[] stream) {
    List<List<Byte>> messages = new ArrayList<>();
    byte[] rest = stream;
    while (rest.length > 0) {
      Frame frame = first(rest);
      if (frame.length() <= 0) {
        return new Decoded(messages, rest.length, frame.length() < 0);
      }
      messages.add(list(Arrays.copyOfRange(rest, frame.payloadFrom(), frame.payloadTo())));
      rest = Arrays.copyOfRange(rest, frame.length(), rest.length);
    }
    return new Decoded(messages, 0, false);
  }

  /** Bytes that can be compared and shown. */
  static List<Byte> list(byte[] bytes) {
    List<Byte> list = new ArrayList<>(bytes.length);
    for (byte b : bytes) {
      list.add(b);
    }
    return list;
  }
}
