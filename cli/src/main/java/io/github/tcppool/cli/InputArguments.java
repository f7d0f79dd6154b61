package io.github.tcppool.cli;

import io.github.tcppool.framing.Framing;
import io.github.tcppool.framing.Lines;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** The arguments of all commands that read messages from standard input. */
final class InputArguments {

  @Option(
      names = "--input",
      paramLabel = "FRAMING",
      defaultValue = "lines",
      converter = FramingConverter.class,
      description =
          "How standard input is cut into messages; choices as for --framing. Default: lines.")
  private Framing input;

  @Option(
      names = "--drain",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = DurationConverter.class,
      description = "Time after Ctrl-C to finish what was read. Default: 5s.")
  Duration drain;

  @Option(
      names = {"-q", "--quiet"},
      description = "No progress, no news of servers, no summary; errors only.")
  boolean quiet;

  /** How to cut standard input. */
  Framing format() {
    return exact(input);
  }

  /**
   * A format that keeps every byte. Cutting by LF alone does, while {@link Lines} takes a CR for a
   * part of the end of the line, and refuses it elsewhere.
   */
  static Framing exact(Framing framing) {
    return framing instanceof Lines ? Framing.delimiter((byte) '\n').allowEmpty() : framing;
  }

  /** A message with what the format puts around it. */
  static byte[] frame(Framing format, byte[] message) {
    ByteBuffer frame = ByteBuffer.allocate(message.length + format.maxOverheadBytes());
    format.putHeader(message, 0, message.length, frame);
    frame.put(message);
    format.putTrailer(message, 0, message.length, frame);
    return Arrays.copyOf(frame.array(), frame.position());
  }
}
