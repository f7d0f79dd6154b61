package io.github.tcppool.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * What a {@link TcpPeer} does with a connection, from its acceptance to its end.
 *
 * <p>A behaviour is plain blocking code on a thread of the connection's own, so a lambda does for
 * whatever is not here:
 *
 * <pre>{@code
 * Behaviour shout = connection -> {
 *   for (byte[] line; (line = connection.readFrame()) != null; ) {
 *     connection.send(new String(line, UTF_8).toUpperCase(Locale.ROOT));
 *   }
 * };
 * }</pre>
 *
 * <p>When {@link #serve} returns, the connection is closed with a FIN; when it throws, with a RST,
 * and anything but an {@link java.io.IOException} is kept in {@link TcpPeer#failures()}. One
 * behaviour serves many connections at once and must be safe for use by several threads; those made
 * here are. They are combined by {@link #then}, {@link #afterBytes} and {@link #afterFrames}:
 *
 * <pre>{@code
 * echo().afterFrames(3, reset())      // answers three lines, then a RST
 * sends("hello\n").then(echo())       // a banner first
 * inTurn(reset(), close(), echo())    // the first connection, the second, all later ones
 * }</pre>
 */
@FunctionalInterface
public interface Behaviour {

  /**
   * Serves one connection.
   *
   * <p>Another behaviour takes over by an unchecked exception out of a read or delay: let it pass.
   *
   * @throws Exception to end it with a RST; an {@code IOException} stands for the client's doing
   */
  void serve(PeerConnection connection) throws Exception;

  /** Sends back what it reads, as it comes, until the client's FIN. */
  static Behaviour echo() {
    return Behaviours::echo;
  }

  /** Reads and counts everything until the client's FIN and never answers. */
  static Behaviour sink() {
    return Behaviours::drain;
  }

  /** The same as {@link #sink()}, by the name that says what a waiting client gets. */
  static Behaviour silent() {
    return sink();
  }

  /** Closes with a FIN at once. */
  static Behaviour close() {
    return PeerConnection::close;
  }

  /** Closes with a RST at once; a client may meet it as early as in its connect. */
  static Behaviour reset() {
    return PeerConnection::reset;
  }

  /** Sends a FIN, and reads on until the client's. */
  static Behaviour halfClose() {
    return connection -> {
      connection.halfClose();
      Behaviours.drain(connection);
    };
  }

  /**
   * Reads nothing until {@link PeerConnection#resume()} or another behaviour, then everything;
   * never answers.
   */
  static Behaviour stalled() {
    return stalled(sink());
  }

  /** Reads nothing until {@link PeerConnection#resume()}, then does what {@code next} does. */
  static Behaviour stalled(Behaviour next) {
    return connection -> {
      connection.pause();
      try {
        next.serve(connection);
      } finally {
        connection.resume(); // for the behaviour that takes over
      }
    };
  }

  /** Does nothing for a while; for use in front of {@link #then}. */
  static Behaviour delay(Duration time) {
    return connection -> connection.delay(time);
  }

  /** Sends bytes unasked; for use in front of {@link #then}. */
  static Behaviour sends(byte[] bytes) {
    byte[] copy = bytes.clone();
    return connection -> connection.send(copy);
  }

  /** Sends a text in UTF-8 unasked; for use in front of {@link #then}. */
  static Behaviour sends(String text) {
    return connection -> connection.send(text);
  }

  /** Sends random bytes unasked, the same for the same seed, then reads like {@link #sink()}. */
  static Behaviour garbage(long seed, int bytes) {
    byte[] garbage = new byte[bytes];
    new Random(seed).nextBytes(garbage);
    return sends(garbage).then(sink());
  }

  /** Sends the same bytes again and again, without end and without reading. */
  static Behaviour flood(byte[] bytes) {
    if (bytes.length == 0) {
      throw new IllegalArgumentException("a flood needs at least 1 byte, but got none");
    }
    byte[] copy = bytes.clone();
    return connection -> {
      while (connection.isOpen()) {
        connection.send(copy);
        connection.delay(Duration.ZERO); // the point at which another behaviour can take over
      }
    };
  }

  /** Answers every frame with what the function makes of it; an empty array is no answer. */
  static Behaviour replies(UnaryOperator<byte[]> reply) {
    return connection -> {
      for (byte[] frame; (frame = connection.readFrame()) != null; ) {
        connection.send(reply.apply(frame));
      }
    };
  }

  /**
   * Gives the first connection it serves the first behaviour, the second the second, and so on; all
   * later ones get the last.
   */
  static Behaviour inTurn(Behaviour... behaviours) {
    List<Behaviour> turns = List.of(behaviours);
    if (turns.isEmpty()) {
      throw new IllegalArgumentException("inTurn needs at least 1 behaviour, but got none");
    }
    AtomicInteger served = new AtomicInteger();
    return connection -> {
      int turn = Math.min(served.getAndIncrement(), turns.size() - 1);
      turns.get(turn).serve(connection);
    };
  }

  /** Chooses by {@link PeerConnection#number()}. */
  static Behaviour byNumber(IntFunction<Behaviour> choice) {
    return connection -> choice.apply(connection.number()).serve(connection);
  }

  /** Goes on with {@code next} when this one has done its part and the connection is still open. */
  default Behaviour then(Behaviour next) {
    return connection -> {
      serve(connection);
      if (connection.isOpen()) {
        next.serve(connection);
      }
    };
  }

  /**
   * Gives way to {@code next} as soon as {@code bytes} more bytes have been read; not one byte
   * behind them is read before.
   */
  default Behaviour afterBytes(long bytes, Behaviour next) {
    return connection ->
        Behaviours.until(connection.intake().limitBytes(bytes), this, next, connection);
  }

  /**
   * Gives way to {@code next} as soon as {@code frames} more frames have been read and dealt with.
   */
  default Behaviour afterFrames(long frames, Behaviour next) {
    return connection ->
        Behaviours.until(connection.intake().limitFrames(frames), this, next, connection);
  }

  /** Reads at most {@code bytes} bytes at a time and waits in between. */
  default Behaviour readingSlowly(int bytes, Duration gap) {
    Pace pace = Pace.of(bytes, gap);
    return connection -> Behaviours.reading(pace, this, connection);
  }

  /** Sends at most {@code bytes} bytes at a time, each time after waiting for {@code gap}. */
  default Behaviour sendingSlowly(int bytes, Duration gap) {
    Pace pace = Pace.of(bytes, gap);
    return connection -> Behaviours.sending(pace, this, connection);
  }

  /** Waits before everything it sends. */
  default Behaviour answeringAfter(Duration delay) {
    return sendingSlowly(Integer.MAX_VALUE, delay);
  }
}
