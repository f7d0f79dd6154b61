package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.CallOptions;
import io.github.tcppool.ReplyFailedException;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Asks a server whose first two connections break between request and reply. */
public final class AskAndRetry {

  private static final CallOptions QUERY = CallOptions.within(Duration.ofSeconds(2)).idempotent();

  private AskAndRetry() {}

  /** Asks twice: once for something that may be repeated, once for something that may not. */
  public static void main(String[] args) throws IOException {
    Behaviour breaks = Behaviour.silent().afterFrames(1, Behaviour.reset());
    try (TcpPeer server = TcpPeer.start(Behaviour.inTurn(breaks, breaks, Behaviour.echo()));
        TcpPool pool = TcpPool.builder(server.hostPort()).framing(Framing.lines()).build()) {
      System.out.println(order(pool, "buy 1"));
      System.out.println(query(pool, "price?"));
    }
  }

  static String query(TcpPool pool, String question) {
    try {
      byte[] reply = pool.exchange(question.getBytes(UTF_8), QUERY); // may be asked twice
      return new String(reply, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String order(TcpPool pool, String order) throws IOException {
    try {
      return new String(pool.exchange(order.getBytes(UTF_8)), UTF_8); // asked once
    } catch (ReplyFailedException e) {
      return "unknown whether it was done: " + e.outcome();
    }
  }
}
