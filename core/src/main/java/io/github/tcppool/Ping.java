package io.github.tcppool;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.Arrays;
import java.util.Objects;

/**
 * Asks a server whether it is well, over a connection that nobody else uses meanwhile.
 *
 * <pre>{@code
 * Ping redis = Ping.of("PING\r\n".getBytes(US_ASCII), "+PONG\r\n".getBytes(US_ASCII));
 * }</pre>
 *
 * <p>Runs on a worker of the pool; its reads and writes are bounded by the timeout of the {@link
 * HealthCheck} or {@link Heartbeat} that it belongs to. Called by several threads at a time, for
 * different connections.
 */
@FunctionalInterface
public interface Ping {

  /**
   * Asks; returns if the answer is good, and throws if it is not. It must read its answer whole,
   * and leave the socket open.
   */
  void ask(DeadlineSocket socket) throws IOException;

  /** Asks nothing: that a connection can be made is enough. */
  static Ping nothing() {
    return socket -> {};
  }

  /**
   * Writes these bytes, and expects exactly those.
   *
   * @throws IllegalArgumentException if one of them is empty
   */
  static Ping of(byte[] request, byte[] reply) {
    byte[] asks = notEmpty("request", request);
    byte[] expects = notEmpty("reply", reply);
    return socket -> {
      socket.getOutputStream().write(asks);
      byte[] answer = socket.getInputStream().readNBytes(expects.length);
      if (!Arrays.equals(answer, expects)) {
        throw new ProtocolException(
            answer.length < expects.length
                ? "stream ended after " + answer.length + " bytes of the answer to a ping"
                : "the answer to a ping is not the one expected");
      }
    };
  }

  private static byte[] notEmpty(String name, byte[] bytes) {
    if (Objects.requireNonNull(bytes, () -> name + " of a ping must not be null").length == 0) {
      throw new IllegalArgumentException(name + " of a ping must have at least 1 byte, but had 0");
    }
    return bytes.clone();
  }
}
