package io.github.tcppool.proof.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.github.tcppool.framing.FrameDecoder;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.proof.fuzz.Oracle.Decoded;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;

/** What peers send: read alike wherever it is split, written so that it comes back, bounded. */
@Tag("fuzz")
class DecoderFuzzTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int SPARE_BYTES = 64 << 10;

  /** The first byte chooses the format, the second the pieces; the rest is the stream. */
  @FuzzTest(maxDuration = "20s")
  void decodersAgreeWithTheOracleWhereverTheStreamIsSplit(byte[] input) {
    if (input.length < 3) {
      return;
    }
    Format format = Format.chosenBy(input[0]);
    byte[] stream = Arrays.copyOfRange(input, 2, input.length);
    Decoded expected = format.oracle().decode(stream);
    assertThat(Streams.decode(format.framing(), stream, Streams.inOnePiece(stream)))
        .isEqualTo(expected);
    assertThat(Streams.decode(format.framing(), stream, Streams.byteByByte(stream)))
        .isEqualTo(expected);
    assertThat(Streams.decode(format.framing(), stream, Streams.split(stream, input[1])))
        .isEqualTo(expected);
  }

  /** The first byte chooses the format, the second the pieces; the rest is a message. */
  @FuzzTest(maxDuration = "20s")
  void aMessageIsRefusedOrComesBackAsItWas(byte[] input) {
    if (input.length < 3) {
      return;
    }
    Format format = Format.chosenBy(input[0]);
    byte[] message = Arrays.copyOfRange(input, 2, input.length);
    try {
      format.framing().check(message, 0, message.length);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).contains("must");
      return;
    }
    byte[] frame = Streams.encode(format.framing(), message);
    assertThat(frame.length - message.length).isBetween(0, format.framing().maxOverheadBytes());
    byte[] twice = Arrays.copyOf(frame, 2 * frame.length);
    System.arraycopy(frame, 0, twice, frame.length, frame.length);
    Decoded back = Streams.decode(format.framing(), twice, Streams.split(twice, input[1]));
    assertThat(back.refused()).isFalse();
    assertThat(back.unread()).isZero();
    assertThat(back.messages()).hasSize(2);
    // One that brought its end along comes back without it.
    assertThat(Oracle.list(message))
        .startsWith(back.messages().get(0).toArray(Byte[]::new))
        .startsWith(back.messages().get(1).toArray(Byte[]::new));
    boolean whole = back.messages().get(0).size() == message.length;
    assertThat(whole || Arrays.equals(frame, message)).isTrue();
  }

  /** The first byte chooses the format; the rest is a stream that arrives byte by byte. */
  @FuzzTest(maxDuration = "20s")
  void noLengthThatAPeerAnnouncesIsAllocated(byte[] input) {
    if (input.length < 2) {
      return;
    }
    Framing framing = Format.chosenBy(input[0]).framing();
    long most = 4L * Math.min(framing.maxMessageBytes(), input.length) + SPARE_BYTES;
    // Once without a limit: the first failure of a kind loads classes, and the fuzzer changes them.
    readByteByByte(framing, input, Long.MAX_VALUE);
    readByteByByte(framing, input, most);
  }

  private static void readByteByByte(Framing framing, byte[] input, long most) {
    FrameDecoder decoder = framing.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(input).position(1);
    for (int end = 2; end <= input.length; end++) {
      in.limit(end);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      int length;
      try {
        length = decoder.scan(in);
      } catch (FrameException e) {
        length = -1;
      }
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThanOrEqualTo(most);
      if (length < 0) {
        return;
      }
      in.position(in.position() + length);
    }
  }
}
