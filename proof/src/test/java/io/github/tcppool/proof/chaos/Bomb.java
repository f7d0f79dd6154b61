package io.github.tcppool.proof.chaos;

import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.PeerConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;

/** A reply that is meant to hurt whoever believes it. */
enum Bomb {
  MINUS_ONE,
  LARGEST_INT,
  MINUS_ONE_LONG,
  LARGEST_LONG,
  ENDLESS_VARINT,
  ENDLESS_LINE,
  ENDLESS_DIGITS;

  private static final int FLOOD_BYTES = 100 << 20;
  private static final int PIECE_BYTES = 64 << 10;

  /** The framing that it is meant for. */
  Framing framing() {
    return switch (this) {
      case MINUS_ONE, LARGEST_INT -> Framing.lengthPrefix(4);
      case MINUS_ONE_LONG, LARGEST_LONG -> Framing.lengthPrefix(8);
      case ENDLESS_VARINT -> Framing.varint();
      case ENDLESS_LINE -> Framing.lines();
      case ENDLESS_DIGITS -> Framing.netstring();
    };
  }

  /** All of it, or what it repeats. */
  private byte[] bytes() {
    return switch (this) {
      case MINUS_ONE -> HexFormat.of().parseHex("ffffffff");
      case LARGEST_INT -> HexFormat.of().parseHex("7fffffff");
      case MINUS_ONE_LONG -> HexFormat.of().parseHex("ffffffffffffffff");
      case LARGEST_LONG -> HexFormat.of().parseHex("7fffffffffffffff");
      case ENDLESS_VARINT -> filledWith(0x80);
      case ENDLESS_LINE -> filledWith('x');
      case ENDLESS_DIGITS -> filledWith('9');
    };
  }

  private static byte[] filledWith(int value) {
    byte[] piece = new byte[PIECE_BYTES];
    Arrays.fill(piece, (byte) value);
    return piece;
  }

  /** Answers the first request with it. */
  Behaviour behaviour() {
    return connection -> {
      if (connection.read() != null) {
        explode(connection);
      }
    };
  }

  private void explode(PeerConnection connection) throws IOException {
    byte[] bytes = bytes();
    int pieces = bytes.length < PIECE_BYTES ? 1 : FLOOD_BYTES / PIECE_BYTES;
    for (int i = 0; i < pieces; i++) {
      connection.send(bytes);
    }
    while (connection.read() != null) {
      connection.delay(Duration.ZERO); // it is for the client to end this
    }
  }
}
