package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.PeerConnection;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;

/** The servers that the examples talk to. */
final class Peers {

  private Peers() {}

  /** Answers the line PING with PONG and only counts all others. */
  static TcpPeer pinged() throws IOException {
    return TcpPeer.start(Peers::answerPings);
  }

  private static void answerPings(PeerConnection connection) throws IOException {
    for (byte[] line = connection.readFrame(); line != null; line = connection.readFrame()) {
      if (new String(line, UTF_8).startsWith("PING")) {
        connection.send("PONG\n");
      }
    }
  }

  /** Greets, wants a login, then answers every line with the same line. */
  static TcpPeer guarded() throws IOException {
    return TcpPeer.start(
        connection -> {
          connection.send("220 ready\n");
          byte[] login = connection.readFrame();
          if (login == null || !new String(login, UTF_8).startsWith("LOGIN ")) {
            connection.send("530 go away\n");
            return;
          }
          connection.send("230 welcome\n");
          Behaviour.echo().serve(connection);
        });
  }

  /** Answers "LIST" with three lines and a line that holds a dot. */
  static TcpPeer listing() throws IOException {
    return TcpPeer.start(Behaviour.replies(request -> "one\ntwo\nthree\n.\n".getBytes(UTF_8)));
  }
}
