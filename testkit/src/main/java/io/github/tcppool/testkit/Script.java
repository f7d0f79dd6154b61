package io.github.tcppool.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A dialogue that a peer holds with each client: what it expects, and what it says then.
 *
 * <pre>{@code
 * Script greeting = Script.begin()
 *     .send("220 ready\n")
 *     .expect("HELO me\n")
 *     .delay(Duration.ofMillis(20))
 *     .send("250 ok\n")
 *     .reset();
 * }</pre>
 *
 * <p>At the end of the script the connection is closed with a FIN; use {@link #then} for anything
 * else. A client that says something else, or ends early, gets a RST, and an {@link AssertionError}
 * with both texts is in {@link TcpPeer#failures()}. Immutable: every method returns a longer
 * script.
 */
public final class Script implements Behaviour {
  private static final int SHOWN_BYTES = 200;

  private final List<Behaviour> steps;

  private Script(List<Behaviour> steps) {
    this.steps = steps;
  }

  /** The empty script, to be continued. */
  public static Script begin() {
    return new Script(List.of());
  }

  /** Reads exactly these bytes; notices a difference at the first byte that differs. */
  public Script expect(byte[] bytes) {
    byte[] copy = bytes.clone();
    return and(connection -> expect(connection, copy));
  }

  /** Reads exactly this text in UTF-8. */
  public Script expect(String text) {
    return expect(text.getBytes(UTF_8));
  }

  /** Reads one frame, whatever it says. */
  public Script expectFrame() {
    return and(
        connection -> {
          if (connection.readFrame() == null) {
            throw new AssertionError(connection + " was to send a frame, but sent a FIN");
          }
        });
  }

  /** Sends bytes. */
  public Script send(byte[] bytes) {
    return and(Behaviour.sends(bytes));
  }

  /** Sends a text in UTF-8. */
  public Script send(String text) {
    return and(Behaviour.sends(text));
  }

  /** Sends bytes in pieces of at most {@code pieceBytes}, waiting for {@code gap} before each. */
  public Script sendInPieces(byte[] bytes, int pieceBytes, Duration gap) {
    return and(Behaviour.sends(bytes).sendingSlowly(pieceBytes, gap));
  }

  /** Waits. */
  public Script delay(Duration time) {
    return and(Behaviour.delay(time));
  }

  /** Sends a FIN and goes on with the script. */
  public Script halfClose() {
    return and(PeerConnection::halfClose);
  }

  /** Closes with a FIN; for use as the last step, where it says what happens anyway. */
  public Script close() {
    return and(Behaviour.close());
  }

  /** Closes with a RST; for use as the last step. */
  public Script reset() {
    return and(Behaviour.reset());
  }

  /** Plays the script so many times in a row; at least once. */
  public Script times(int rounds) {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds must be at least 1, but was " + rounds);
    }
    return new Script(Stream.generate(() -> steps).limit(rounds).flatMap(List::stream).toList());
  }

  private Script and(Behaviour step) {
    return new Script(Stream.concat(steps.stream(), Stream.of(step)).toList());
  }

  @Override
  public void serve(PeerConnection connection) throws Exception {
    for (Behaviour step : steps) {
      step.serve(connection);
    }
  }

  private static void expect(PeerConnection connection, byte[] wanted) throws IOException {
    int matched = 0;
    while (matched < wanted.length) {
      byte[] piece = connection.readAtMost(wanted.length - matched);
      int end = piece == null ? -1 : matched + piece.length;
      if (piece == null || !Arrays.equals(wanted, matched, end, piece, 0, piece.length)) {
        throw new AssertionError(
            connection
                + " was to send "
                + shown(wanted)
                + ", but sent "
                + got(wanted, matched, piece));
      }
      matched = end;
    }
  }

  private static String got(byte[] wanted, int matched, byte @Nullable [] piece) {
    String before = shown(Arrays.copyOf(wanted, matched));
    return piece == null
        ? before + " and a FIN"
        : (matched == 0 ? "" : before + " and then ") + shown(piece);
  }

  /** Text as it would stand in a source, so that control characters do no harm in a report. */
  private static String shown(byte[] bytes) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < Math.min(bytes.length, SHOWN_BYTES); i++) {
      char c = (char) (bytes[i] & 0xFF);
      if (c == '\n') {
        text.append("\\n");
      } else if (c == '\r') {
        text.append("\\r");
      } else if (c < ' ' || c > '~') {
        text.append(String.format("\\x%02x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append(bytes.length > SHOWN_BYTES ? "…\"" : "\"").toString();
  }
}
