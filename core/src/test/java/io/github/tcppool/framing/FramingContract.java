package io.github.tcppool.framing;

import static io.github.tcppool.framing.Frames.bytes;
import static io.github.tcppool.framing.Frames.encode;
import static io.github.tcppool.framing.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** What every framing keeps to, with or without message boundaries. */
abstract class FramingContract {
  static final int MAX = 100;

  /** The framing under test, with that maximum. */
  abstract Framing framing(int maxMessageBytes);

  /** Sizes of messages that a framing with the maximum {@link #MAX} carries. */
  int[] sizes() {
    return new int[] {1, 2, 9, 10, 50, MAX - 1, MAX};
  }

  /** A message of that size, which each framing carries. */
  static String message(int size) {
    StringBuilder message = new StringBuilder(size);
    for (int i = 0; i < size; i++) {
      message.append((char) ('a' + (i + size) % 26));
    }
    return message.toString();
  }

  @Test
  void theMaximumIsTheOneThatWasSet() {
    assertThat(framing(MAX).maxMessageBytes()).isEqualTo(MAX);
  }

  @Test
  void aMessageOfTheMaximumIsSentAndOneByteMoreIsRefused() {
    Framing framing = framing(MAX);

    assertThat(encode(framing, message(MAX))).hasSizeGreaterThanOrEqualTo(MAX);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(framing, message(MAX + 1)))
        .withMessageContaining("must be")
        .withMessageContaining("100")
        .withMessageContaining("but was 101");
  }

  @Test
  void headerAndTrailerStayWithinTheOverheadThatIsPromised() {
    Framing framing = framing(MAX);

    assertThat(framing.maxOverheadBytes()).isBetween(0, 64);
    for (int size : sizes()) {
      assertThat(encode(framing, message(size)).length - size)
          .isBetween(0, framing.maxOverheadBytes());
    }
  }

  @Test
  void aMessageInTheMiddleOfAnArrayIsFramedAsIfItStoodAlone() {
    Framing framing = framing(MAX);
    String message = message(MAX);
    byte[] around = bytes("\n\r\n\0" + message + "\r\n\n");
    ByteBuffer out = ByteBuffer.allocate(MAX + framing.maxOverheadBytes());

    framing.check(around, 4, MAX);
    framing.putHeader(around, 4, MAX, out);
    out.put(around, 4, MAX);
    framing.putTrailer(around, 4, MAX, out);

    byte[] frame = new byte[out.position()];
    out.get(0, frame);
    assertThat(frame).isEqualTo(encode(framing, message));
  }

  @Test
  void aRangeOutsideTheArrayIsRefused() {
    byte[] message = bytes(message(MAX));

    assertThatThrownBy(() -> framing(MAX).check(message, 1, MAX))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void scanningChangesNeitherPositionNorLimitNorContentNorByteOrder() throws FrameException {
    Framing framing = framing(MAX);
    byte[] frame = encode(framing, message(MAX));
    ByteBuffer in = ByteBuffer.allocateDirect(frame.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    in.position(3).put(frame).flip().position(3);

    for (int length = 0; length <= frame.length; length++) {
      in.limit(3 + length);
      framing.newDecoder().scan(in.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
      framing.newDecoder().scan(in);

      assertThat(in.position()).isEqualTo(3);
      assertThat(in.limit()).isEqualTo(3 + length);
    }
    assertThat(in.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    byte[] after = new byte[frame.length];
    in.get(3, after);
    assertThat(text(after)).isEqualTo(text(frame));
  }

  @Test
  void decodersOfOneFramingDoNotDisturbEachOther() throws FrameException {
    Framing framing = framing(MAX);
    byte[] frame = encode(framing, message(MAX));
    FrameDecoder half = framing.newDecoder();
    half.scan(ByteBuffer.wrap(frame, 0, frame.length / 2));
    FrameDecoder whole = framing.newDecoder();

    assertThat(whole.scan(ByteBuffer.wrap(frame))).isEqualTo(frame.length);
    assertThat(half.scan(ByteBuffer.wrap(frame))).isEqualTo(frame.length);
    assertThat(whole.payloadLength()).isEqualTo(MAX);
    assertThat(half.payloadLength()).isEqualTo(MAX);
  }

  @Test
  void neitherWritingNorScanningAllocatesHoweverLongTheMessage() throws FrameException {
    int max = 1 << 20;
    Framing framing = framing(max);
    byte[] message = bytes(message(max));
    byte[] frame = encode(framing, message(max));
    ByteBuffer in = ByteBuffer.wrap(frame);
    ByteBuffer out = ByteBuffer.allocate(framing.maxOverheadBytes());
    FrameDecoder decoder = framing.newDecoder();
    writeAndScan(framing, message, out, decoder, in);

    long before = allocatedBytes();
    for (int i = 0; i < 10; i++) {
      writeAndScan(framing, message, out, decoder, in);
    }

    assertThat(allocatedBytes() - before).isLessThan(2_048);
  }

  private static void writeAndScan(
      Framing framing, byte[] message, ByteBuffer out, FrameDecoder decoder, ByteBuffer in)
      throws FrameException {
    out.clear();
    framing.check(message, 0, message.length);
    framing.putHeader(message, 0, message.length, out);
    framing.putTrailer(message, 0, message.length, out);
    // All but the last byte first: a length was announced, and what it announces is not there.
    decoder.scan(in.limit(in.capacity() - 1));
    decoder.scan(in.limit(in.capacity()));
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
