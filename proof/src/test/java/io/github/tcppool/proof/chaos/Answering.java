package io.github.tcppool.proof.chaos;

import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.MessageStream;
import io.github.tcppool.proof.checks.Received;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.PeerConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Sends back what wants a reply, and remembers all that it has received: on more connections and
 * more of it than a peer keeps by itself.
 */
final class Answering implements Behaviour {

  /** What came by one connection. */
  private static final class Intake {
    private final Queue<Message> messages = new ConcurrentLinkedQueue<>();
    private final MessageStream stream = new MessageStream();

    private Received received(String connection) {
      return new Received(
          connection, List.copyOf(messages), stream.tornBytes(), stream.corruption());
    }
  }

  private final Queue<Intake> intakes = new ConcurrentLinkedQueue<>();

  @Override
  public void serve(PeerConnection connection) throws IOException {
    Intake intake = new Intake();
    intakes.add(intake);
    for (byte[] bytes; (bytes = connection.read()) != null; ) {
      List<Message> whole = new ArrayList<>();
      intake.stream.feed(bytes, 0, bytes.length, whole::add);
      intake.messages.addAll(whole);
      for (Message message : whole) {
        if (message.wantsReply()) {
          connection.send(message.frame());
        }
      }
    }
  }

  /** What was received, each connection by itself; to be asked when nothing comes any more. */
  List<Received> received() {
    List<Received> all = new ArrayList<>();
    for (Intake intake : intakes) {
      all.add(intake.received("intake " + all.size()));
    }
    return all;
  }
}
