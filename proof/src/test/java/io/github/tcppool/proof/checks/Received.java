package io.github.tcppool.proof.checks;

import io.github.tcppool.testkit.PeerConnection;
import io.github.tcppool.testkit.TcpPeer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one connection brought to a server.
 *
 * @param connection which one, unique among all servers
 * @param messages those that came whole, in order
 * @param tornBytes what followed them and was no whole message
 * @param corruption what did not fit, or null
 */
public record Received(
    String connection, List<Message> messages, long tornBytes, @Nullable String corruption) {

  /** What peers of the test kit have received, each connection by itself. */
  public static List<Received> by(TcpPeer... peers) {
    List<Received> all = new ArrayList<>();
    for (TcpPeer peer : peers) {
      for (PeerConnection connection : peer.connections()) {
        all.add(by(peer, connection));
      }
    }
    return all;
  }

  private static Received by(TcpPeer peer, PeerConnection connection) {
    MessageStream stream = new MessageStream();
    List<Message> messages = new ArrayList<>();
    long rest = connection.bytesReceived();
    for (byte[] frame : connection.frames()) {
      stream.feed(frame, 0, frame.length, messages::add);
      rest -= frame.length;
    }
    return new Received(
        peer.hostPort() + "#" + connection.number(), messages, rest, stream.corruption());
  }
}
