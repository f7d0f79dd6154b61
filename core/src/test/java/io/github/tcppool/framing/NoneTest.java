package io.github.tcppool.framing;

import static io.github.tcppool.framing.Frames.bytes;
import static io.github.tcppool.framing.Frames.decode;
import static io.github.tcppool.framing.Frames.encode;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoneTest extends FramingContract {
  @Override
  Framing framing(int maxMessageBytes) {
    return Framing.none().withMaxMessageBytes(maxMessageBytes);
  }

  @Test
  void writesAMessageAsItIs() {
    assertThat(encode(Framing.none(), "a\r\n\0b")).isEqualTo(bytes("a\r\n\0b"));
    assertThat(encode(Framing.none(), "")).isEmpty();
  }

  @Test
  void readsWhateverIsThere() {
    assertThat(decode(Framing.none(), bytes("abcdef"), 0, 1, 4).messages())
        .containsExactly("a", "bcd", "ef");
  }

  @Test
  void cutsWhatItReadsIntoPiecesOfTheMaximum() {
    assertThat(decode(framing(4), bytes("abcdefghij")).messages())
        .containsExactly("abcd", "efgh", "ij");
  }

  @Test
  void carriesSixtyFourMebibytesUnlessSet() {
    assertThat(Framing.none().maxMessageBytes()).isEqualTo(64 * 1024 * 1024);
  }

  @Test
  void doesNotRevealTruncation() {
    assertThat(Framing.none().revealsTruncation()).isFalse();
  }
}
