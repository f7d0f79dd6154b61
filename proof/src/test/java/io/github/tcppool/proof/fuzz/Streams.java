package io.github.tcppool.proof.fuzz;

import io.github.tcppool.framing.FrameDecoder;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.proof.fuzz.Oracle.Decoded;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Reads and writes streams as a connection would. */
final class Streams {

  private Streams() {}

  /** Reads a stream that arrives in pieces with these ends. */
  static Decoded decode(Framing framing, byte[] stream, int[] ends) {
    FrameDecoder decoder = framing.newDecoder();
    List<List<Byte>> messages = new ArrayList<>();
    int start = 0;
    for (int end : ends) {
      int length = -1;
      while (length != 0 && start < end) {
        // An array of its own size: looking further, or somewhere else, fails at once.
        ByteBuffer in = ByteBuffer.wrap(Arrays.copyOfRange(stream, start, end));
        try {
          length = decoder.scan(in);
        } catch (FrameException e) {
          return new Decoded(messages, stream.length - start, true);
        }
        if (length > 0) {
          int from = start + decoder.payloadOffset();
          messages.add(
              Oracle.list(Arrays.copyOfRange(stream, from, from + decoder.payloadLength())));
          start += length;
        }
      }
    }
    return new Decoded(messages, stream.length - start, false);
  }

  static int[] inOnePiece(byte[] stream) {
    return new int[] {stream.length};
  }

  static int[] byteByByte(byte[] stream) {
    int[] ends = new int[stream.length];
    Arrays.setAll(ends, i -> i + 1);
    return ends;
  }

  /** Up to six pieces, drawn by a seed. */
  static int[] split(byte[] stream, int seed) {
    Random random = new Random(seed);
    int[] ends = random.ints(1 + random.nextInt(6), 0, stream.length + 1).sorted().toArray();
    ends[ends.length - 1] = stream.length;
    return ends;
  }

  static byte[] encode(Framing framing, byte[] message) {
    ByteBuffer out = ByteBuffer.allocate(message.length + framing.maxOverheadBytes());
    framing.putHeader(message, 0, message.length, out);
    out.put(message);
    framing.putTrailer(message, 0, message.length, out);
    return Arrays.copyOf(out.array(), out.position());
  }
}
