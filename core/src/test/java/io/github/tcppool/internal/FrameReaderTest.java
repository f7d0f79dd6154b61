package io.github.tcppool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.framing.FrameDecoder;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a decoder says is checked before it is believed. */
class FrameReaderTest {

  /** A framing of messages of up to 100 bytes, whose decoder says what it is told to. */
  private record Says(FrameDecoder decoder) implements Framing {
    @Override
    public int maxMessageBytes() {
      return 100;
    }

    @Override
    public int maxOverheadBytes() {
      return 0;
    }

    @Override
    public boolean revealsTruncation() {
      return false;
    }

    @Override
    public void check(byte[] message, int offset, int length) {}

    @Override
    public void putHeader(byte[] message, int offset, int length, ByteBuffer out) {}

    @Override
    public void putTrailer(byte[] message, int offset, int length, ByteBuffer out) {}

    @Override
    public FrameDecoder newDecoder() {
      return decoder;
    }
  }

  private record Answer(int length, int payloadOffset, int payloadLength) implements FrameDecoder {
    @Override
    public int scan(ByteBuffer in) {
      return length;
    }
  }

  private static FrameReader saying(int length, int payloadOffset, int payloadLength) {
    return new FrameReader(new Says(new Answer(length, payloadOffset, payloadLength)));
  }

  @Test
  void aPayloadIsTakenFromTheMiddleOfItsFrame() throws FrameException {
    ByteBuffer in = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5});
    assertThat(saying(4, 1, 2).next(in)).containsExactly(2, 3);
    assertThat(in.remaining()).isEqualTo(1);
    assertThat(saying(1, 1, 0).next(in)).isEmpty();
    assertThat(in.hasRemaining()).isFalse();
    assertThat(saying(1, 0, 1).next(in)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 6, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void aFrameThatIsNotThereIsRefused(int length) {
    ByteBuffer in = ByteBuffer.allocate(5);
    assertThatThrownBy(() -> saying(length, 0, 0).next(in))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith("must find frames of 0 to 5 bytes, but found " + length);
    assertThat(in.remaining()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 1",
    "0, -1",
    "0, 5",
    "5, 0",
    "4, 1",
    "2147483647, 2147483647",
    "1, 2147483647",
    "-2147483648, -2147483648",
  })
  void aPayloadOutsideOfItsFrameIsRefusedBeforeItIsAllocated(int offset, int bytes) {
    ByteBuffer in = ByteBuffer.allocate(5);
    assertThatThrownBy(() -> saying(4, offset, bytes).next(in))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must find payloads within their frame");
    assertThat(in.remaining()).isEqualTo(5);
  }

  @Test
  void aDecoderThatMovesTheBufferIsRefusedAndTheBufferIsAsItWas() {
    FrameDecoder moving =
        new FrameDecoder() {
          @Override
          public int scan(ByteBuffer in) {
            in.get();
            in.limit(in.limit() - 1);
            return 1;
          }

          @Override
          public int payloadOffset() {
            return 0;
          }

          @Override
          public int payloadLength() {
            return 1;
          }
        };
    ByteBuffer in = ByteBuffer.allocate(5);
    assertThatThrownBy(() -> new FrameReader(new Says(moving)).next(in))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must leave the buffer as it is");
    assertThat(in.position()).isZero();
    assertThat(in.limit()).isEqualTo(5);
  }

  @Test
  void aFramingWithoutADecoderIsRefused() {
    assertThatThrownBy(() -> new FrameReader(new Says(null)).next(ByteBuffer.allocate(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must make a decoder");
  }

  @Test
  void aDecoderThatFindsNoEndInMoreThanAFrameIsNotAskedForEver() throws FrameException {
    FrameReader endless = saying(0, 0, 0);
    assertThat(endless.next(ByteBuffer.allocate(163))).isNull();
    assertThatThrownBy(() -> endless.next(ByteBuffer.allocate(164)))
        .isInstanceOf(FrameException.class)
        .hasMessage("frame must end within 164 bytes, but 164 came without its end");
  }
}
