package io.github.tcppool.framing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes and reads streams of frames as a connection would; one char of a string is one byte. */
final class Frames {
  private Frames() {}

  /** What came out of a stream: the messages, the bytes left over, and the failure, if any. */
  record Decoded(List<String> messages, int unread, String failure) {
    boolean refused() {
      return !failure.isEmpty();
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  /** The frames of the messages, one behind the other, each in a buffer of the least size. */
  static byte[] encode(Framing framing, String... messages) {
    StringBuilder stream = new StringBuilder();
    for (String message : messages) {
      framing.check(bytes(message), 0, message.length());
      stream.append(text(encodeUnchecked(framing, bytes(message))));
    }
    return bytes(stream.toString());
  }

  static byte[] encodeUnchecked(Framing framing, byte[] message) {
    ByteBuffer out = ByteBuffer.allocate(message.length + framing.maxOverheadBytes());
    framing.putHeader(message, 0, message.length, out);
    out.put(message);
    framing.putTrailer(message, 0, message.length, out);
    return Arrays.copyOf(out.array(), out.position());
  }

  /** Reads a stream that arrives in pieces which end at the given places, and where it ends. */
  static Decoded decode(Framing framing, byte[] stream, int... ends) {
    FrameDecoder decoder = framing.newDecoder();
    List<String> messages = new ArrayList<>();
    int start = 0;
    int[] allEnds = Arrays.copyOf(ends, ends.length + 1);
    allEnds[ends.length] = stream.length;
    for (int end : allEnds) {
      while (true) {
        ByteBuffer in = elsewhere(stream, start, end);
        int length;
        try {
          length = decoder.scan(in);
        } catch (FrameException e) {
          return new Decoded(messages, stream.length - start, e.getMessage());
        }
        if (length == 0) {
          break;
        }
        byte[] message = new byte[decoder.payloadLength()];
        in.get(in.position() + decoder.payloadOffset(), message);
        messages.add(text(message));
        start += length;
      }
    }
    return new Decoded(messages, stream.length - start, "");
  }

  /** Reads a stream that arrives byte by byte. */
  static Decoded decodeByteByByte(Framing framing, byte[] stream) {
    int[] ends = new int[stream.length];
    Arrays.setAll(ends, i -> i);
    return decode(framing, stream, ends);
  }

  /** A buffer of its own, at a position of its own: decoders may rely on neither. */
  private static ByteBuffer elsewhere(byte[] stream, int start, int end) {
    int position = end % 7;
    ByteBuffer in = ByteBuffer.allocate(position + end - start);
    in.position(position).put(stream, start, end - start).position(position);
    return in;
  }
}
