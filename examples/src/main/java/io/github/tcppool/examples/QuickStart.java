package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;

/** README's first example: a message out, a request and its reply, a socket of one's own. */
public final class QuickStart {

  private QuickStart() {}

  /** Talks to servers that it starts itself. */
  public static void main(String[] args) throws IOException {
    try (TcpPeer collector = TcpPeer.start(Behaviour.sink());
        TcpPeer first = Peers.pinged();
        TcpPeer second = Peers.pinged()) {
      run(collector.hostPort(), first.hostPort(), second.hostPort());
    }
  }

  static void run(String collector, String first, String second) throws IOException {
    try (TcpPool events = TcpPool.builder(collector).framing(Framing.lines()).build()) {
      events.send("Hello, world!\n".getBytes(UTF_8)); // one whole message on one connection
    }
    try (TcpPool pool =
        TcpPool.builder(first, second)
            .connections(2, 10) // kept open, and at most, per endpoint
            .framing(Framing.lines())
            .build()) {
      byte[] reply = pool.exchange("PING\n".getBytes(UTF_8)); // a request and its reply
      System.out.println(new String(reply, UTF_8));
      try (PooledSocket socket = pool.lease()) { // a java.net.Socket; close() gives it back
        socket.getOutputStream().write("PING\n".getBytes(UTF_8));
        System.out.println(new String(socket.getInputStream().readNBytes(5), UTF_8));
      }
    }
  }
}
