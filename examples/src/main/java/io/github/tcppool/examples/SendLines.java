package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.CallOptions;
import io.github.tcppool.SendFailedException;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.time.Duration;

/**
 * Ships lines to a sink, round robin over three connections, and tells what became of one that
 * failed.
 */
public final class SendLines {

  private static final CallOptions QUICKLY = CallOptions.within(Duration.ofSeconds(2));

  private SendLines() {}

  /** Sends to a sink that it starts itself. */
  public static void main(String[] args) throws IOException {
    try (TcpPeer sink = TcpPeer.start(Behaviour.sink());
        TcpPool pool =
            TcpPool.builder(sink.hostPort()).connections(3).framing(Framing.lines()).build()) {
      for (int i = 1; i <= 9; i++) {
        ship(pool, "event " + i);
      }
      sink.awaitFrames(9);
      System.out.println(sink.framesReceived() + " lines arrived");
    }
  }

  static void ship(TcpPool pool, String line) throws IOException {
    try {
      pool.send(line.getBytes(UTF_8), QUICKLY);
    } catch (SendFailedException e) {
      switch (e.outcome()) {
        case NOT_SENT -> System.err.println("not sent, keep it: " + line);
        case PARTIAL -> System.err.println(e.bytesWritten() + " bytes were cut off: " + line);
        case UNKNOWN -> System.err.println("may have arrived: " + line);
      }
    }
  }
}
