package io.github.tcppool.framing;

import static io.github.tcppool.framing.Frames.bytes;
import static io.github.tcppool.framing.Frames.decode;
import static io.github.tcppool.framing.Frames.encode;
import static io.github.tcppool.framing.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A framing that a user wrote keeps the same contract; the guide shows this one. */
class MllpTest extends MessageContract {
  @Override
  Framing framing(int maxMessageBytes) {
    return new Mllp(maxMessageBytes);
  }

  @Test
  void writesStartMessageAndEnd() {
    assertThat(text(encode(framing(MAX), "MSH|", "PID|\u001c\r")))
        .isEqualTo("\u000bMSH|\u001c\r\u000bPID|\u001c\r");
  }

  @Test
  void aMessageThatWouldEndEarlyIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> encode(framing(MAX), "a\u001c\rb"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a\u001c\r", "\u000b\u001c\r", "\u000ba\u001c\ra"})
  void aStreamWithoutStartOrMessageIsRefused(String stream) {
    assertThat(decode(framing(MAX), bytes(stream)).failure()).startsWith("message must");
  }

  @Test
  void theGuideShowsThisVeryClass() throws IOException {
    Path core = Path.of(System.getProperty("basedir", "."));
    String here = getClass().getPackageName().replace('.', '/');
    String source = Files.readString(core.resolve("src/test/java/" + here + "/Mllp.java"));
    String guide = Files.readString(core.resolve("../docs/guide/framing.md"));

    assertThat(bare(guide)).contains(bare(source.substring(source.indexOf("public final class"))));
  }

  /** Code without layout, annotations and Javadoc, of which a page has its own. */
  private static String bare(String code) {
    return code.replaceAll("(?s)/\\*\\*.*?\\*/|@Override|\\s", "");
  }
}
