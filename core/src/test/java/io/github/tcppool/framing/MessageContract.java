package io.github.tcppool.framing;

import static io.github.tcppool.framing.Frames.decode;
import static io.github.tcppool.framing.Frames.decodeByteByByte;
import static io.github.tcppool.framing.Frames.encode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.framing.Frames.Decoded;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every framing keeps to that tells messages apart, on top of {@link FramingContract}. */
abstract class MessageContract extends FramingContract {

  @Test
  void aMessageComesBackWholeWhereverTheStreamIsSplit() {
    Framing framing = framing(MAX);
    for (int size : sizes()) {
      byte[] stream = encode(framing, message(size));
      for (int split = 0; split <= stream.length; split++) {
        Decoded decoded = decode(framing, stream, split);

        assertThat(decoded.failure()).isEmpty();
        assertThat(decoded.messages()).containsExactly(message(size));
        assertThat(decoded.unread()).isZero();
      }
    }
  }

  @Test
  void aMessageThatArrivesByteByByteComesBackWhole() {
    Framing framing = framing(MAX);

    assertThat(decodeByteByByte(framing, encode(framing, message(MAX))).messages())
        .containsExactly(message(MAX));
  }

  @Test
  void twoMessagesInOneBufferComeBackOneAfterTheOther() {
    Framing framing = framing(MAX);
    for (int size : sizes()) {
      byte[] stream = encode(framing, message(MAX), message(size));
      for (int split = 0; split <= stream.length; split++) {
        Decoded decoded = decode(framing, stream, split);

        assertThat(decoded.messages()).containsExactly(message(MAX), message(size));
        assertThat(decoded.unread()).isZero();
      }
    }
  }

  @Test
  void aFrameThatWasCutOffNeverYieldsAMessage() {
    Framing framing = framing(MAX);
    byte[] frame = encode(framing, message(MAX));
    for (int length = 0; length < frame.length; length++) {
      byte[] cut = Arrays.copyOf(frame, length);

      assertThat(decodeByteByByte(framing, cut)).isEqualTo(decode(framing, cut));
      assertThat(decode(framing, cut).messages()).isEmpty();
      assertThat(decode(framing, cut).failure()).isEmpty();
      assertThat(decode(framing, cut).unread()).isEqualTo(length);
    }
  }

  @Test
  void aMessageOfTheMaximumIsReadAndOneByteMoreIsRefused() {
    Framing framing = framing(MAX);
    byte[] frame = encode(framing(MAX + 1), message(MAX + 1));

    assertThat(decode(framing, encode(framing(MAX + 1), message(MAX))).messages())
        .containsExactly(message(MAX));
    for (int split = 0; split <= frame.length; split++) {
      Decoded decoded = decode(framing, frame, split);

      assertThat(decoded.refused()).isTrue();
      assertThat(decoded.messages()).isEmpty();
    }
    assertThat(decodeByteByByte(framing, frame).refused()).isTrue();
  }

  @Test
  void aStreamThatWasRefusedOnceIsNotReadOn() {
    FrameDecoder decoder = framing(MAX).newDecoder();
    byte[] tooLong = encode(framing(MAX + 1), message(MAX + 1));

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> decoder.scan(ByteBuffer.wrap(tooLong)))
          .isInstanceOf(FrameException.class);
    }
  }

  @Test
  @Timeout(20)
  void aLongMessageThatArrivesByteByByteCostsLinearTime() throws FrameException {
    int max = 1 << 20;
    Framing framing = framing(max);
    ByteBuffer in = ByteBuffer.wrap(encode(framing, message(max)));
    FrameDecoder decoder = framing.newDecoder();
    for (int length = 0; length < in.capacity(); length++) {
      assertThat(decoder.scan(in.limit(length)) == 0).isTrue();
      // Looking at every byte again each time would take some 500 billion steps.
      assertThat(Thread.interrupted()).as("out of time at byte %s", length).isFalse();
    }

    assertThat(decoder.scan(in.limit(in.capacity()))).isEqualTo(in.capacity());
  }
}
